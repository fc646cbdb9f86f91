import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { environment } from './environment.ts';
import { renameSession, tagSession } from './keeping.ts';
import { models, sameModel } from './models.ts';
import { packSession, placeSession } from './moving.ts';
import { type ClaudeOptions, claudeOptions } from './options.ts';
import { checkSession, prepare } from './prepare.ts';
import { capabilities, install, probe } from './probe.ts';
import { readSession } from './reading.ts';
import { sessionRetention } from './retention.ts';
import { exportSession, listSessions } from './sessions.ts';
import { translate } from './translate.ts';

export type { ClaudeOptions } from './options.ts';

/** Claude Code, run headless once per turn. */
export function claude(): Provider<ClaudeOptions> {
  return defineCliProvider<ClaudeOptions>({
    id: 'claude',
    title: 'Claude Code',
    install,
    options: claudeOptions,
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
    renameSession,
    tagSession,
    interactive: ({ id }) => ['claude', '--resume', id],
    sessionRetention,
  });
}

export default claude();
