import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { type ScriptOptions, scriptOptions } from './options.ts';
import { capabilities, probe } from './probe.ts';
import { translate } from './translate.ts';

export type { ScriptOptions } from './options.ts';

/** Any command as an agent: the prompt on its standard input, its standard output as text and events. */
export function script(): Provider<ScriptOptions> {
  return defineCliProvider<ScriptOptions>({
    id: 'script',
    title: 'The script',
    install: 'Check the first word of options.command of this agent.',
    options: scriptOptions,
    models: {},
    environment: [],
    sessionDirVariable: 'PAWL_SESSION_DIR',
    // A program need not say anything before it is done; that it hangs is for a guard to say.
    silence: { firstEventMs: 60 * 60_000, idleMs: 60 * 60_000 },
    capabilities,
    probe,
    command,
    translate,
  });
}

export default script();
