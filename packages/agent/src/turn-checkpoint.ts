import { stat } from 'node:fs/promises';
import type { Host, Provider, SessionRef } from '@pawl/provider';
import type { SessionStore } from '@pawl/session-store';
import type { KeepFiles } from './agent-contract.ts';

/** Ties the files, as a turn has left them, to where its conversation now stands. */
export async function checkpointTurn(
  { sessions }: SessionStore,
  id: string,
  keep: KeepFiles,
  { provider, host }: { readonly provider: Provider; readonly host: Host },
): Promise<void> {
  const session = await sessions.get(id);
  if (!session) return;
  const { ref, turns, messageId } = session;
  const message = `session ${id} after turn ${turns}`;
  const files = await keep({ folder: ref.cwd, name: `session-${id}`, message });
  if (!files) return;
  const transcript = await transcriptOf(provider, ref, host);
  await sessions.checkpoint(id, {
    ...{ ...files, at: Date.now(), worktree: ref.cwd, key: `turn ${turns}` },
    // A worktree may be gone one day, the repository is not.
    repository: session.repository ?? files.repository,
    ...(messageId === undefined ? {} : { messageId }),
    ...(transcript === undefined ? {} : { transcriptOffset: transcript.bytes }),
  });
}

/** The agent's own file of a conversation and how long it is now; undefined for an agent that keeps none. */
export async function transcriptOf(
  provider: Provider,
  ref: SessionRef,
  host: Host,
): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
  try {
    const [first] = (await provider.packSession?.(ref, withoutPrograms(host))) ?? [];
    if (!first || !('path' in first.source)) return undefined;
    const { path } = first.source;
    return { path, bytes: (await stat(path)).size };
  } catch {
    return undefined;
  }
}

/** An agent that has to be started to be asked is not worth it at every turn. */
function withoutPrograms(host: Host): Host {
  return {
    ...host,
    spawn: () => {
      throw new Error('nothing is started for this');
    },
  };
}
