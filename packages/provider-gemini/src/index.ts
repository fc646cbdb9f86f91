import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { environment } from './environment.ts';
import { models, sameModel } from './models.ts';
import { packSession, placeSession } from './moving.ts';
import { type GeminiOptions, geminiOptions } from './options.ts';
import { checkSession, prepare } from './prepare.ts';
import { capabilities, install, probe } from './probe.ts';
import { readSession } from './reading.ts';
import { sessionRetention } from './retention.ts';
import { exportSession, listSessions } from './sessions.ts';
import { translate } from './translate.ts';

export type { GeminiOptions } from './options.ts';

/** Gemini CLI, run headless once per turn. */
export function gemini(): Provider<GeminiOptions> {
  return defineCliProvider<GeminiOptions>({
    id: 'gemini',
    title: 'Gemini CLI',
    install,
    options: geminiOptions,
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
    sameModel,
    listSessions,
    exportSession,
    packSession,
    placeSession,
    readSession,
    sessionRetention,
    interactive: ({ id }) => ['gemini', '--resume', id],
  });
}

export default gemini();
