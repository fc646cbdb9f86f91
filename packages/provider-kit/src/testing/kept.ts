import { existsSync, readFileSync } from 'node:fs';
import type { Host, Provider, SessionRef, TranscriptMessage } from '@pawl/provider';

/** Lines that the CLI itself kept: the `transcript.jsonl` of a recording, or the first `.jsonl` file of its `context.json`. */
export function keptLines(recording: URL): readonly string[] {
  const whole = new URL('transcript.jsonl', recording);
  if (existsSync(whole)) return readFileSync(whole, 'utf8').trimEnd().split('\n');
  const files: Record<string, string> = JSON.parse(readFileSync(new URL('context.json', recording), 'utf8')).files;
  const [, text = ''] = Object.entries(files).find(([path]) => path.endsWith('.jsonl')) ?? [];
  return text.trimEnd().split('\n');
}

export interface KeptReading {
  readonly messages: readonly TranscriptMessage[];
  /** Each message on a line: who, what, and the beginning of it. */
  readonly told: readonly string[];
  /** Lines that were read before the first message could be told. */
  readonly linesForFirst: number;
}

/** What `readSession` tells of a transcript with these lines, and how much of it it reads for its beginning. */
export async function readKept(
  provider: Provider,
  session: SessionRef,
  surroundings: Host,
  lines: readonly string[],
): Promise<KeptReading> {
  let read = 0;
  const host: Host = {
    ...surroundings,
    async *readLines() {
      for (const line of lines) {
        read += 1;
        yield line;
      }
    },
  };
  const messages: TranscriptMessage[] = [];
  for await (const message of provider.readSession?.(session, host) ?? []) messages.push(message);
  read = 0;
  for await (const _ of provider.readSession?.(session, host) ?? []) break;
  return { messages, told: messages.map(tell), linesForFirst: read };
}

function tell(message: TranscriptMessage): string {
  const { role, type } = message;
  if (message.type === 'tool-call') return `${role} ${type} ${message.kind} ${message.name}`;
  if (message.type === 'tool-result') return `${role} ${type} ${message.status} ${String(message.output).slice(0, 20)}`;
  return `${role} ${type} ${'text' in message ? message.text : ''}`;
}
