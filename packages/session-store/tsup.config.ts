import { library } from '@pawl/build/tsup';

// append.ts is a program of its own, which the conformance suite starts.
export default library({ entry: ['src/index.ts', 'src/adapter.ts', 'src/testing/index.ts', 'src/testing/append.ts'] });
