import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { environment } from './environment.ts';
import { models } from './models.ts';
import { packSession, placeSession } from './moving.ts';
import { type QwenOptions, qwenOptions } from './options.ts';
import { checkSession, prepare } from './prepare.ts';
import { capabilities, install, probe } from './probe.ts';
import { readSession } from './reading.ts';
import { exportSession, listSessions } from './sessions.ts';
import { translate } from './translate.ts';

export type { QwenOptions } from './options.ts';

/** Qwen Code, run headless once per turn. */
export function qwen(): Provider<QwenOptions> {
  return defineCliProvider<QwenOptions>({
    id: 'qwen',
    title: 'Qwen Code',
    install,
    options: qwenOptions,
    models,
    environment,
    // Its first line comes before the model is asked.
    silence: { firstEventMs: 3 * 60_000 },
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
    interactive: ({ id }) => ['qwen', '--resume', id],
  });
}

export default qwen();
