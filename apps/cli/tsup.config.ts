import { executable } from '@pawl/build/tsup';

export default executable();
