import { existsSync } from 'node:fs';
import type { SessionRecord } from '@pawl/session-store';
import { hostFor } from './compose.ts';
import type { Context } from './context.ts';

const day = 86_400_000;
/** So long before it happens it is told. */
const warnDays = 7;

/** When agents delete their transcripts by themselves. */
export interface Retention {
  /** Undefined: it does not, or has done so already. Milliseconds since the epoch. */
  deletedAt(session: Pick<SessionRecord, 'ref' | 'lastUsedAt' | 'transcript'>): number | undefined;
  /** It happens within a week. */
  isSoon(session: Pick<SessionRecord, 'ref' | 'lastUsedAt' | 'transcript'>): boolean;
}

/** Asks each adapter once. */
export async function retentionOf(context: Context, now = Date.now()): Promise<Retention> {
  const { installed } = await context.providers(await context.root());
  const days = new Map<string, number>();
  for (const provider of installed.values()) {
    const kept = await provider.sessionDays?.(hostFor(provider, context.env)).catch(() => undefined);
    if (kept !== undefined) days.set(provider.id, kept);
  }
  const deletedAt: Retention['deletedAt'] = ({ ref, lastUsedAt, transcript }) => {
    const kept = days.get(ref.provider);
    if (kept === undefined) return undefined;
    const at = lastUsedAt + kept * day;
    const there = transcript === undefined ? at > now : existsSync(transcript);
    return there ? at : undefined;
  };
  return {
    deletedAt,
    isSoon: (session) => {
      const at = deletedAt(session);
      return at !== undefined && at - now < warnDays * day;
    },
  };
}
