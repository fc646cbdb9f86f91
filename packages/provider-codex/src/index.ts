import type { Provider } from '@pawl/provider';
import { defineCliProvider } from '@pawl/provider-kit';
import { command } from './command.ts';
import { environment } from './environment.ts';
import { followingHost } from './follow.ts';
import { models } from './models.ts';
import { packSession, placeSession } from './moving.ts';
import { type CodexOptions, codexOptions } from './options.ts';
import { checkSession, prepare } from './prepare.ts';
import { capabilities, install, probe } from './probe.ts';
import { readSession } from './reading.ts';
import { renameSession } from './rename.ts';
import { exportSession, listSessions } from './sessions.ts';
import { translate } from './translate.ts';

export type { CodexOptions } from './options.ts';

/** Codex CLI, `codex exec` once per turn. */
export function codex(): Provider<CodexOptions> {
  const provider = defineCliProvider<CodexOptions>({
    id: 'codex',
    title: 'Codex',
    install,
    options: codexOptions,
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
    renameSession,
    interactive: ({ id }) => ['codex', 'resume', id],
  });
  return { ...provider, open: (request, host) => provider.open(request, followingHost(host)) };
}

export default codex();
