import { executable } from '@pawl/build/tsup';

export default executable({ entry: { 'server/start': 'server/start.ts' }, clean: false });
