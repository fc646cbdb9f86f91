import { createReadStream } from 'node:fs';
import { linesOf } from '@pawl/agent';
import { type NewMessage, parseMessage, type SessionStore, StoreError } from '@pawl/session-store';
import { CliError } from '../exit.ts';

/** Each message is looked at before it is taken; the first `known` are here already, from the session it was forked from. */
export async function importMessages(
  { sessions }: SessionStore,
  session: string,
  file: string,
  known: number,
): Promise<void> {
  let batch: NewMessage[] = [];
  let line = 0;
  for await (const text of linesOf(createReadStream(file))) {
    const message = checked(text);
    line += 1;
    if (line > known) batch.push(message);
    if (batch.length < 100) continue;
    await sessions.append(session, batch);
    batch = [];
  }
  await sessions.append(session, batch);
}

function checked(line: string): NewMessage {
  try {
    return parseMessage(line);
  } catch (error) {
    if (StoreError.is(error))
      throw new CliError(
        'usage',
        'bad-bundle',
        `the bundle cannot be used: ${error.message}`,
        'export the session again',
      );
    throw error;
  }
}
