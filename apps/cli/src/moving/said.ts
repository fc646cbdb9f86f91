import { createHash } from 'node:crypto';
import type { ToolKind, TranscriptMessage } from '@pawl/provider';
import type { SessionMessage } from '@pawl/session-store';

/** One message of the agent's own transcript, as far as a fork behind it needs. */
export interface Said {
  readonly id?: string;
  /** What it has in common with our copy of it. */
  readonly key: string;
  /** A tool that may have changed files. */
  readonly changes: boolean;
  /** The call that begins or ends here. */
  readonly begins?: string;
  readonly ends?: string;
}

/** These leave the files as they are. */
const harmless: ReadonlySet<ToolKind> = new Set(['read', 'search', 'fetch', 'think']);

export function saidOf(message: TranscriptMessage): Said {
  return {
    ...(message.id === undefined ? {} : { id: message.id }),
    key: keyOf(message),
    changes: message.type === 'tool-call' && !harmless.has(message.kind),
    ...(message.type === 'tool-call' ? { begins: message.call } : {}),
    ...(message.type === 'tool-result' ? { ends: message.call } : {}),
  };
}

/**
 * Behind which messages a conversation can be cut, so that no call is under way and the files of then are known: to each of
 * those the moment (the end of its turn) that still has these files.
 */
export function standing(said: readonly Said[], moments: ReadonlySet<number>): readonly (number | undefined)[] {
  const open = new Set<string>();
  const settled = said.map(({ begins, ends }) => {
    if (begins !== undefined) open.add(begins);
    if (ends !== undefined) open.delete(ends);
    return open.size === 0;
  });
  const found: (number | undefined)[] = [];
  let moment: number | undefined;
  for (let index = said.length - 1; index >= 0; index -= 1) {
    if (moments.has(index)) moment = index;
    // An id is of several messages where an agent says several things at once: it is cut behind the last of them.
    const { id, changes } = said[index] ?? { changes: true };
    const last = id !== undefined && said[index + 1]?.id !== id;
    found[index] = last && settled[index] ? moment : undefined;
    // What is before a change has other files.
    if (changes) moment = undefined;
  }
  return found;
}

/** The numbers that our copy has for them: the first of its kind there is the first of its kind here. */
export async function numbersOf(
  said: readonly Said[],
  kept: AsyncIterable<SessionMessage>,
): Promise<ReadonlyMap<number, number>> {
  const places = new Map<string, number[]>();
  for (const [index, { key }] of said.entries()) {
    const known = places.get(key);
    if (known) known.push(index);
    else places.set(key, [index]);
  }
  const numbers = new Map<number, number>();
  for await (const message of kept) {
    const index = places.get(keyOf(message))?.shift();
    if (index !== undefined) numbers.set(index, message.seq);
  }
  return numbers;
}

function keyOf(message: TranscriptMessage): string {
  if ('call' in message) return `${message.type} ${message.call}`;
  if (!('text' in message)) return message.type;
  // Of a long conversation no more is held than this.
  const digest = createHash('sha256').update(message.text.trim()).digest('base64');
  return `${message.role} ${message.type} ${digest}`;
}
