import { stat } from 'node:fs/promises';
import type { Host, Provider, SessionRef } from '@pawl/provider';
import type { Ports } from '@pawl/runner';
import type { SessionStore } from '@pawl/session-store';

type ProviderOf = (id: string) => Promise<{ readonly provider: Provider; readonly host: Host } | undefined>;

/** Ties the checkpoints of a run to the conversations that made them. */
export function checkpointsIn({ sessions }: SessionStore, providerOf: ProviderOf): NonNullable<Ports['checkpointed']> {
  return async ({ ref, at, ...made }) => {
    const transcript = await transcriptOf(ref, providerOf);
    const { id } = await sessions.begin({ ref, at, ...(transcript && { transcript: transcript.path }) });
    await sessions.checkpoint(id, { at, ...made, ...(transcript && { transcriptOffset: transcript.bytes }) });
  };
}

/** The agent's own file and how far it goes; undefined for one that keeps none. */
async function transcriptOf(ref: SessionRef, providerOf: ProviderOf) {
  try {
    const found = await providerOf(ref.provider);
    const [first] = (await found?.provider.packSession?.(ref, withoutPrograms(found.host))) ?? [];
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
