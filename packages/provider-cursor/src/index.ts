import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { environment } from './environment.ts';
import { type CursorOptions, cursorOptions } from './options.ts';
import { capabilities, install, probe } from './probe.ts';
import { CursorTranslator } from './translate.ts';

export type { CursorOptions } from './options.ts';

/** Cursor's CLI, run once per turn. Written after documented streams; it has not been run against the real one. */
export function cursor(): Provider<CursorOptions> {
  return defineCliProvider({
    id: 'cursor',
    title: 'Cursor',
    install,
    options: cursorOptions,
    models: {},
    environment,
    // Its first line comes before the model is asked.
    silence: { firstEventMs: 3 * 60_000 },
    capabilities,
    probe,
    command,
    translate: (launch) => new CursorTranslator(launch),
    // It tells the name that people see, which cannot be compared with the one that was asked for.
    sameModel: () => true,
    interactive: ({ id }) => ['cursor-agent', '--resume', id],
  });
}

export default cursor();
