import { library } from '@pawl/build/tsup';

export default library({ entry: ['src/index.ts', 'src/options.ts', 'src/testing/index.ts'] });
