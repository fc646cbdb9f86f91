import { existsSync } from 'node:fs';
import type { SessionRetention } from '@pawl/provider';
import type { SessionRecord } from '@pawl/session-store';
import { hostFor } from './compose.ts';
import type { Context } from './context.ts';

const day = 86_400_000;
/** So long before it happens it is told. */
const warnDays = 7;

type Kept = Pick<SessionRecord, 'ref' | 'lastUsedAt' | 'transcript'>;

/** When agents delete their transcripts by themselves. */
export interface Retention {
  /** Undefined: it does not, or has done so already. In the past: when it is started next. Milliseconds since the epoch. */
  deletedAt(session: Kept): Promise<number | undefined>;
  /** It happens within a week. */
  isSoon(session: Kept): Promise<boolean>;
}

/** Asks each adapter once for each folder. */
export async function retentionOf(context: Context, now = Date.now()): Promise<Retention> {
  const { installed } = await context.providers(await context.root());
  const asked = new Map<string, Promise<SessionRetention | undefined>>();
  const askedOf = ({ provider: id, cwd }: Kept['ref']): Promise<SessionRetention | undefined> => {
    const key = `${id} ${cwd}`;
    const provider = installed.get(id);
    const answer =
      asked.get(key) ??
      Promise.resolve(provider?.sessionRetention?.(cwd, hostFor(provider, context.env))).catch(() => undefined);
    asked.set(key, answer);
    return answer;
  };
  const deletedAt: Retention['deletedAt'] = async ({ ref, lastUsedAt, transcript }) => {
    const { days, next = [] } = (await askedOf(ref)) ?? {};
    if (next.includes(ref.id)) return now;
    if (days === undefined) return undefined;
    const at = lastUsedAt + days * day;
    const there = transcript === undefined ? at > now : existsSync(transcript);
    return there ? at : undefined;
  };
  return {
    deletedAt,
    isSoon: async (session) => {
      const at = await deletedAt(session);
      return at !== undefined && at - now < warnDays * day;
    },
  };
}
