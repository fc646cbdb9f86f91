import { readFileSync } from 'node:fs';
import type { JsonObject } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { copySession } from '../src/copy.ts';

const ids = {
  session: 'ses_e0733f841ffePFRdvYDCZX8Nsu',
  user: 'msg_1f8cc08b8001WGf9qG0HZCWHwE',
  answer: 'msg_1f8cc0999001abcdefghijklmn',
  later: 'msg_1f8cc0aaa001zyxwvutsrqponm',
  part: 'prt_1f8cc08d8001MDeoPNoQHE5q8N',
};
const session: JsonObject = {
  info: { id: ids.session, title: 'The parser', directory: '/old', parentID: 'ses_x', share: { url: 'x' }, cost: 1 },
  messages: [
    {
      info: { id: ids.user, role: 'user', sessionID: ids.session },
      parts: [{ id: ids.part, messageID: ids.user, sessionID: ids.session, text: `speaks of ${ids.session}` }],
    },
    { info: { id: ids.answer, parentID: ids.user, sessionID: ids.session }, parts: [] },
    { info: { id: ids.later, sessionID: ids.session }, parts: [] },
  ],
};
const freshId = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const request = { folder: '/new', at: undefined, freshId };

describe('a copy of a session', () => {
  const copy = copySession(session, request);
  const text = JSON.stringify(copy.session);

  test('has new ids throughout, in the same order and of the same make', () => {
    expect(copy.id).toMatch(/^ses_[A-Za-z0-9]{26}$/);
    expect(copy.id).not.toBe(ids.session);
    for (const id of [ids.user, ids.answer, ids.later, ids.part]) expect(text).not.toContain(`"${id}"`);
    expect(copy.session).toMatchObject({
      info: { id: copy.id },
      messages: [
        { info: { sessionID: copy.id, id: expect.stringMatching(/^msg_1f8cc08b8001WGf9/) } },
        { info: { parentID: expect.stringMatching(/^msg_1f8cc08b8001WGf9/) } },
        {},
      ],
    });
  });

  test('works in the new folder, belongs to nobody, is shared with nobody', () => {
    expect(copy.session.info).toEqual({ id: copy.id, title: 'The parser (fork)', directory: '/new', cost: 1 });
  });

  test('leaves alone what was said, even of ids', () => {
    expect(text).toContain(`speaks of ${ids.session}`);
  });

  test('is another one for each fresh id, and the same for the same', () => {
    expect(copySession(session, request)).toEqual(copy);
    expect(copySession(session, { ...request, freshId: crypto.randomUUID() }).id).not.toBe(copy.id);
  });
});

test('ends behind the message named', () => {
  const messages = (at: string) => copySession(session, { ...request, at }).session.messages;
  expect(messages(ids.answer)).toHaveLength(2);
  expect(messages(ids.user)).toHaveLength(1);
  expect(() => messages('msg_never')).toThrow(expect.objectContaining({ code: 'session-not-found' }));
});

test('of a session without messages, or of something that is none', () => {
  expect(copySession({ info: { id: ids.session } }, request).session.messages).toEqual([]);
  expect(() => copySession({}, request)).toThrow(expect.objectContaining({ code: 'protocol' }));
});

test('of a real export: every row has a new name', () => {
  const real = JSON.parse(
    readFileSync(new URL('../recordings/own-tools/export.json', import.meta.url), 'utf8'),
  ) as JsonObject;
  const named = (value: unknown) => new Set(JSON.stringify(value).match(/"(ses|msg|prt)_[A-Za-z0-9]{26}"/g));
  const [before, after] = [named(real), named(copySession(real, request).session)];
  expect(before.size).toBeGreaterThan(5);
  expect(after.size).toBe(before.size);
  expect([...before].filter((id) => after.has(id))).toEqual([]);
});
