import { library } from '@pawl/build/tsup';

export default library();
