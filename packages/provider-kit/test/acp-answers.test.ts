import { expect, test } from 'vitest';
import { AcpAnswers } from '../src/acp/answers.ts';

const say = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'so' } };
const think = { sessionUpdate: 'agent_thought_chunk' };
const call = (toolCallId: string) => ({ sessionUpdate: 'tool_call', toolCallId, status: 'pending' });
const working = (toolCallId: string) => ({ sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' });
const done = (toolCallId: string, status = 'completed') => ({ sessionUpdate: 'tool_call_update', toolCallId, status });

test.each([
  ['nothing yet', [{ sessionUpdate: 'plan' }], 0],
  ['one that thinks, speaks and calls', [think, say, say, call('a'), working('a'), call('b')], 1],
  ['two at once are one answer, whichever ends first', [call('a'), call('b'), done('b'), working('a'), done('a')], 1],
  ['after the results comes another', [say, call('a'), done('a'), say, say], 2],
  ['while one is under way none comes', [call('a'), call('b'), done('a'), say], 1],
  ['calls alone, one after the other', [call('a'), done('a'), call('b'), done('b', 'failed'), call('c')], 3],
  [
    'a call that is told once, when it is over',
    [{ ...call('a'), status: 'completed' }, { ...call('b'), status: 'failed' }, say],
    3,
  ],
  ['a result told twice', [call('a'), done('a'), done('a'), say], 2],
  ['calls that are told when they are over', [think, done('a'), done('b'), say], 3],
  ['an empty piece of text is nothing', [call('a'), done('a'), { ...say, content: { type: 'text', text: '' } }], 1],
])('%s', (_, updates, count) => {
  const answers = new AcpAnswers();
  const begun = updates.filter((update) => answers.heard(update)).length;
  expect([answers.count, begun]).toEqual([count, count]);
});
