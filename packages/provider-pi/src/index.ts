import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { environment } from './environment.ts';
import { sameModel } from './models.ts';
import { packSession, placeSession } from './moving.ts';
import { type PiOptions, piOptions } from './options.ts';
import { checkSession, prepare } from './prepare.ts';
import { capabilities, install, probe } from './probe.ts';
import { readSession } from './reading.ts';
import { exportSession, listSessions } from './sessions.ts';
import { translate } from './translate.ts';

export type { PiOptions } from './options.ts';

/** Pi, run headless once per turn. */
export function pi(): Provider<PiOptions> {
  return defineCliProvider<PiOptions>({
    id: 'pi',
    title: 'Pi',
    install,
    options: piOptions,
    // Pi finds a model by a part of its name: `pi-sonnet` needs no table.
    models: {},
    environment,
    // Its first line comes before the model is asked.
    silence: { firstEventMs: 3 * 60_000 },
    sessionDirVariable: 'PI_CODING_AGENT_SESSION_DIR',
    capabilities,
    probe,
    command,
    translate,
    prepare,
    checkSession,
    sameModel,
    listSessions,
    exportSession,
    packSession,
    placeSession,
    readSession,
    interactive: ({ id }) => ['pi', '--session', id],
  });
}

export default pi();
