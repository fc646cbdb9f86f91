import { transcriptOf } from '@pawl/agent';
import type { Host, Provider } from '@pawl/provider';
import type { Ports } from '@pawl/runner';
import type { SessionStore } from '@pawl/session-store';

type ProviderOf = (id: string) => Promise<{ readonly provider: Provider; readonly host: Host } | undefined>;

/** Ties the checkpoints of a run to the conversations that made them. */
export function checkpointsIn({ sessions }: SessionStore, providerOf: ProviderOf): NonNullable<Ports['checkpointed']> {
  return async ({ ref, at, ...made }) => {
    const found = await providerOf(ref.provider).catch(() => undefined);
    const transcript = found && (await transcriptOf(found.provider, ref, found.host));
    const { id } = await sessions.begin({ ref, at, ...(transcript && { transcript: transcript.path }) });
    await sessions.checkpoint(id, { at, ...made, ...(transcript && { transcriptOffset: transcript.bytes }) });
  };
}
