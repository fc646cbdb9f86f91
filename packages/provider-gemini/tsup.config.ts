import { cp } from 'node:fs/promises';
import { library } from '@pawl/build/tsup';

// The files that the CLI is pointed at lie beside the code, built or not.
export default library({ onSuccess: () => cp('src/headless', 'dist/headless', { recursive: true }) });
