import type { JsonObject } from '@pawl/provider';
import { expect, test } from 'vitest';
import { rpcFailure } from '../src/acp/failure.ts';
import type { AcpProfile } from '../src/acp/profile.ts';
import { AcpTurn } from '../src/acp/turn.ts';
import { AcpMeter } from '../src/acp/usage.ts';

const profile: AcpProfile = {
  title: 'An agent',
  install: 'Install it.',
  command: { file: 'agent', args: [] },
  access: {},
  failed: ({ broke }) => broke === true,
};
const say = (text: string): JsonObject => ({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const broke: JsonObject = { sessionUpdate: 'session_info_update', broke: true };

function told(...updates: readonly JsonObject[]) {
  const turn = new AcpTurn(profile, 'edit', undefined, new AcpMeter({ kind: 'new' }, 'turn'));
  const events = updates.flatMap((update) => [...turn.update(update, true)]);
  return { turn, said: events.flatMap((event) => (event.type === 'text-delta' ? event.delta : [])) };
}

test('what an agent says after its prompt has failed is why, and not its answer', () => {
  const { turn, said } = told(say('half'), broke, say('status 429 '), say('Too Many Requests'));
  expect([turn.text, turn.failure, said]).toEqual(['half', 'status 429 Too Many Requests', ['half']]);
  expect(rpcFailure('An agent', 'prompt', { message: turn.failure ?? '' })).toMatchObject({
    code: 'rate-limited',
    retryable: true,
  });
});

test('nothing is why where it answered', () => {
  expect(told(say('all')).turn.failure).toBeUndefined();
});

test('a failure without a word is one all the same', () => {
  expect(rpcFailure('An agent', 'prompt', { message: told(broke).turn.failure ?? 'none' }).code).toBe('internal');
});

test.each([
  ['Internal error: The server is busy.', { service: 'session', errorName: 'APIError' }, 'overloaded', true],
  ['Internal error: Bad things.', { service: 'session', errorName: 'APIError' }, 'internal', true],
  [
    'Internal error: Incorrect API key provided.',
    { service: 'session', errorName: 'APIError' },
    'not-signed-in',
    false,
  ],
  ['Internal error: Bad things.', {}, 'internal', false],
])('%s %j is %s, retryable: %s', (message, data, code, retryable) => {
  expect(rpcFailure('An agent', 'prompt', { code: -32_603, message, data })).toMatchObject({ code, retryable });
});
