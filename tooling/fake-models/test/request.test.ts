import { describe, expect, test } from 'vitest';
import {
  everyText,
  lastUserText,
  type MessagesRequest,
  systemText,
  toolNames,
  toolResults,
  userTexts,
} from '../src/index.ts';

const request: MessagesRequest = {
  system: [
    { type: 'text', text: 'You are' },
    { type: 'text', text: 'an agent' },
  ],
  tools: [{ name: 'Write' }, {}, { name: 'Bash' }],
  messages: [
    { role: 'user', content: 'first' },
    { role: 'system', content: [{ type: 'text', text: '# Environment' }] },
    { role: 'assistant', content: 'ok' },
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>\nnot a person\n</system-reminder>' },
        { type: 'text', text: 'second' },
        { type: 'text', text: 'part' },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool_use' }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't', is_error: true, content: [{ type: 'text', text: 'no such file' }] },
        { type: 'tool_result', tool_use_id: 'u', content: 'fine' },
      ],
    },
  ],
};

describe('looking into a request', () => {
  test('joins the system blocks and takes a plain string as it is', () => {
    expect(systemText(request)).toBe('You are\nan agent\n# Environment');
    expect(systemText({ system: 'plain' })).toBe('plain');
    expect(systemText({})).toBe('');
  });

  test('the last words of a person are found behind tool results', () => {
    expect(lastUserText(request)).toBe('second\npart');
    expect(lastUserText({})).toBe('');
  });

  test('all that people said comes oldest first, without reminders of the CLI', () => {
    expect(userTexts(request)).toEqual(['first', 'second\npart']);
  });

  test('every text there is, reminders too', () => {
    expect(everyText(request)).toHaveLength(8);
    expect(everyText(request).join()).toContain('not a person');
    expect(everyText({})).toEqual(['']);
  });

  test('a system message behind the tool results hides nothing', () => {
    const messages = [...(request.messages ?? []), { role: 'system', content: 'time passed' }];
    expect(toolResults({ messages })).toHaveLength(2);
  });

  test('tool results are those since the model last spoke', () => {
    expect(toolResults(request)).toEqual([
      { text: 'no such file', error: true },
      { text: 'fine', error: false },
    ]);
    expect(toolResults({ messages: (request.messages ?? []).slice(0, 4) })).toEqual([]);
    expect(toolResults({ messages: [{ role: 'user', content: 'hi' }] })).toEqual([]);
  });

  test('tool names, those without one left out', () => {
    expect(toolNames(request)).toEqual(['Write', 'Bash']);
  });
});
