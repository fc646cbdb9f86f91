import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { environment } from './environment.ts';
import { packSession, placeSession } from './moving.ts';
import { type OpenCodeOptions, openCodeOptions } from './options.ts';
import { checkSession, prepare } from './prepare.ts';
import { capabilities, install, probe } from './probe.ts';
import { readSession } from './reading.ts';
import { renameSession } from './rename.ts';
import { exportSession, listSessions } from './sessions.ts';
import { translate } from './translate.ts';

export type { OpenCodeOptions } from './options.ts';

/** OpenCode, run headless once per turn. */
export function opencode(): Provider<OpenCodeOptions> {
  return defineCliProvider<OpenCodeOptions>({
    id: 'opencode',
    title: 'OpenCode',
    install,
    options: openCodeOptions,
    // Models are named provider/model; there is no shorter name.
    models: {},
    environment,
    // Its first line comes with the first answer, and its own tries before that are silent.
    silence: { firstEventMs: 15 * 60_000 },
    capabilities,
    probe,
    command,
    translate,
    prepare,
    checkSession,
    listSessions,
    exportSession,
    packSession,
    placeSession,
    readSession,
    renameSession,
    interactive: ({ id }) => ['opencode', '--session', id],
  });
}

export default opencode();
