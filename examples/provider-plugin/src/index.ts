import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.js';
import { type ParrotOptions, parrotOptions } from './options.js';
import { capabilities, install, probe } from './probe.js';
import { exportSession, listSessions } from './sessions.js';
import { ParrotTranslator } from './translate.js';

export type { ParrotOptions } from './options.js';

/** The package's default export is the adapter: this is what pawl looks for. */
const parrot: Provider<ParrotOptions> = defineCliProvider({
  ...{ id: 'parrot', title: 'Parrot', install },
  options: parrotOptions,
  models: { big: 'macaw' },
  environment: ['PARROT_HOME', 'PARROT_KEY'],
  capabilities,
  probe,
  command,
  translate: (launch) => new ParrotTranslator(launch),
  listSessions,
  exportSession,
});

export default parrot;
