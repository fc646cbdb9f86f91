import type { Command, Exit, Host, JsonObject } from '@pawl/provider';
import type { Clock } from '../definition.ts';
import { asObject, readObject } from '../json.ts';
import { within } from '../watch.ts';
import { ids, type RequestName } from './protocol.ts';

export type AcpAnswer =
  | { readonly result: JsonObject }
  | { readonly error: JsonObject }
  /** It ended, or said nothing in time. */
  | { readonly exit: Exit };

const answerMs = 30_000;

/** Starts an agent for a few requests without a prompt; it is gone when the answer is there. Never rejects. */
export async function callAcp(
  host: Host,
  command: Command,
  requests: readonly (readonly [RequestName, text: string])[],
  clock: Clock,
): Promise<readonly AcpAnswer[]> {
  const child = host.spawn({ ...command, stdinOpen: true });
  const late: Exit = { code: undefined, signal: undefined, stderrTail: `no answer within ${answerMs / 1000} s` };
  const answers: AcpAnswer[] = [];
  const lines = child.lines[Symbol.asyncIterator]();
  const answerTo = async (name: RequestName): Promise<AcpAnswer> => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      const message = readObject(next.value);
      if (message?.id !== ids[name] || message.method !== undefined) continue;
      const error = asObject(message.error);
      return error ? { error } : { result: asObject(message.result) ?? {} };
    }
    return { exit: await child.exit };
  };
  for (const [name, text] of requests) {
    void child.write?.(text);
    const answer = await within(clock, answerMs, answerTo(name), { exit: late });
    answers.push(answer);
    if (!('result' in answer)) break;
  }
  child.endInput?.();
  await within(clock, 1_000, child.exit, undefined);
  await within(clock, answerMs, child.stop(), undefined);
  return answers;
}
