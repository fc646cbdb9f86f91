import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type SessionStore, type SessionTurn } from '@pawl/session-store';
import { expect, onTestFinished, test } from 'vitest';
import { jsonLines, openStage, type Stage } from './stage.ts';

/** The catalogue of a stage, opened beside the program. */
function storeOf(stage: Stage): SessionStore {
  mkdirSync(stage.home, { recursive: true });
  const store = openStore({ file: join(stage.home, 'pawl.db') });
  onTestFinished(() => store.close());
  return store;
}

function turn(stage: Stage, id: string, over: Partial<SessionTurn> = {}): SessionTurn {
  const ref = { provider: 'script', id, cwd: stage.repository };
  return { ref, at: Date.UTC(2026, 10, 20, 10), usage: {}, repository: stage.repository, ...over };
}

const data = (stdout: string) => JSON.parse(stdout);

test('lists the sessions of this repository, last used first, with what they cost', async () => {
  const stage = openStage();
  expect(await stage.call('sessions')).toMatchObject({ code: 0, stdout: '' });
  expect((await stage.call('sessions')).stderr).toContain('--everywhere');
  const { sessions } = storeOf(stage);
  const plan = await sessions.record({
    ...turn(stage, 'n1', { title: 'Plan the till', agent: 'claude-opus', tags: ['till'], owner: 'ada' }),
    usage: { costUsd: 0.12, inputTokens: 1200, outputTokens: 30 },
  });
  const build = await sessions.record(turn(stage, 'n2', { at: Date.UTC(2026, 10, 21), run: 'r1', step: 'build' }));
  await sessions.record(
    turn(stage, 'n3', { repository: '/elsewhere', title: 'Other', at: Date.UTC(2026, 10, 20, 12) }),
  );
  const listed = await stage.call('sessions', 'list');
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout.split('\n')).toEqual([
    `${build.id.slice(0, 6)}  2026-11-21 00:00  script       1 turn  unpriced  (no title)`,
    `${plan.id.slice(0, 6)}  2026-11-20 10:00  claude-opus  1 turn  $0.12     Plan the till #till`,
    '',
  ]);
  const ids = async (...args: string[]) =>
    data((await stage.call('sessions', 'list', '--json', ...args)).stdout).sessions.map(
      ({ ref }: { ref: { id: string } }) => ref.id,
    );
  expect(await ids('--everywhere')).toEqual(['n2', 'n3', 'n1']);
  expect(await ids('--repository', '/elsewhere')).toEqual(['n3']);
  expect(await ids('--agent', 'claude-opus')).toEqual(['n1']);
  expect(await ids('--agent', 'script')).toEqual(['n2', 'n1']);
  expect(await ids('--tag', 'till')).toEqual(['n1']);
  expect(await ids('--owner', 'ada')).toEqual(['n1']);
  expect(await ids('--run', 'r1')).toEqual(['n2']);
  expect(await ids('--text', 'TILL plan')).toEqual(['n1']);
  expect(await ids('--since', '2026-11-20T20:00')).toEqual(['n2']);
  expect(await ids('--until', '2026-11-20T20:00')).toEqual(['n1']);
  expect(await stage.call('sessions', 'list', '--since', 'yesterday')).toMatchObject({ code: 2 });
});

test('pages follow each other to the end', async () => {
  const stage = openStage();
  const { sessions } = storeOf(stage);
  for (let index = 0; index < 5; index += 1) await sessions.record(turn(stage, `n${index}`, { at: index }));
  const seen: string[] = [];
  for (let before: readonly string[] = []; ; ) {
    const page = data((await stage.call('sessions', 'list', '--json', '--limit', '2', ...before)).stdout);
    seen.push(...page.sessions.map(({ ref }: { ref: { id: string } }) => ref.id));
    if (page.next === undefined) break;
    before = ['--before', page.next];
  }
  expect(seen).toEqual(['n4', 'n3', 'n2', 'n1', 'n0']);
  expect((await stage.call('sessions', 'list', '--limit', '2')).stderr).toMatch(
    /^more: the same with --before [0-9a-f]{6,}/,
  );
});

test('shows one with the tree of its forks, whichever of them is named', async () => {
  const stage = openStage();
  const { sessions } = storeOf(stage);
  const root = await sessions.record(turn(stage, 'n1', { title: 'Plan', at: 1, transcript: '/gone/n1.jsonl' }));
  const jwt = await sessions.record(turn(stage, 'n2', { title: 'By JWT', at: 2, parent: { ref: root.ref, at: 'm1' } }));
  const oauth = await sessions.record(turn(stage, 'n3', { title: 'By OAuth', at: 3, parent: { ref: root.ref } }));
  const deep = await sessions.record(turn(stage, 'n4', { title: 'Shorter', at: 4, parent: { ref: jwt.ref } }));
  const short = ({ id }: { id: string }) => id.slice(0, 6);
  const shown = await stage.call('sessions', 'show', oauth.id);
  expect(shown.stdout).toContain(`session ${oauth.id}  By OAuth\n`);
  expect(shown.stdout).toContain(`  folder      ${stage.repository}\n`);
  expect(shown.stdout.trimEnd().split('\n').slice(-4)).toEqual([
    `${short(root)}  Plan`,
    `├─ ${short(jwt)}  By JWT, behind m1`,
    `│  └─ ${short(deep)}  Shorter`,
    `└─ ${short(oauth)}  By OAuth  ◂`,
  ]);
  const tree = data((await stage.call('sessions', 'show', 'n1', '--json')).stdout);
  expect(tree).toMatchObject({
    session: { id: root.id, ref: { id: 'n1' } },
    forks: { session: { id: root.id }, forks: [{ forks: [{ session: { id: deep.id } }] }, { forks: [] }] },
  });
  expect((await stage.call('sessions', 'show', root.id)).stdout).toContain('/gone/n1.jsonl (it is gone)');
});

test('prints what was said, page by page', async () => {
  const stage = openStage();
  const { sessions } = storeOf(stage);
  const { id } = await sessions.record(turn(stage, 'n1'));
  await sessions.append(id, [
    { role: 'user', type: 'text', text: 'Which currencies?\nAll?', at: 1 },
    { role: 'assistant', type: 'tool-call', call: 'c1', kind: 'read', name: 'Read', input: { path: 'a' }, at: 2 },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'ok', output: 'EUR\u001b[31m', at: 3 },
    { role: 'assistant', type: 'text', text: 'Euro.', at: 4, id: 'm1' },
  ]);
  const first = await stage.call('sessions', 'messages', id, '--limit', '3');
  expect(first.stdout.split('\n')).toEqual([
    'user  1  1970-01-01 00:00',
    '  Which currencies?',
    '  All?',
    '',
    'calls Read  2  1970-01-01 00:00',
    '  {"path":"a"}',
    '',
    'gave ok  3  1970-01-01 00:00',
    '  EUR',
    '',
    '',
  ]);
  expect(first.stderr).toBe(`more: pawl sessions messages ${id.slice(0, 6)} --after 3\n`);
  const numbers = async (...args: string[]) =>
    jsonLines((await stage.call('sessions', 'messages', id, '--json', ...args)).stdout).map(({ seq }) => seq);
  expect(await numbers()).toEqual([1, 2, 3, 4]);
  expect(await numbers('--after', '3')).toEqual([4]);
  expect(await numbers('--offset', '1', '--limit', '2')).toEqual([2, 3]);
  expect(await numbers('--last', '--limit', '1')).toEqual([4]);
  expect(await stage.call('sessions', 'messages', id, '--last', '--after', '1')).toMatchObject({ code: 2 });
});

test('is renamed, tagged, put away and forgotten', async () => {
  const stage = openStage();
  const { sessions } = storeOf(stage);
  const { id } = await sessions.record(turn(stage, 'n1'));
  expect(await stage.call('sessions', 'rename', id, 'The till')).toMatchObject({ code: 0 });
  expect(await stage.call('sessions', 'tag', id, 'a', 'b')).toMatchObject({ code: 0 });
  const untagged = data((await stage.call('sessions', 'untag', id, 'a', '--json')).stdout);
  expect(untagged.sessions).toMatchObject([{ title: 'The till', tags: ['b'] }]);
  await stage.call('sessions', 'archive', id);
  expect((await stage.call('sessions', 'list')).stdout).toBe('');
  expect((await stage.call('sessions', 'list', '--archived')).stdout).toContain('The till #b');
  await stage.call('sessions', 'archive', '--undo', id);
  expect((await stage.call('sessions', 'list')).stdout).toContain('The till #b');
  expect((await stage.call('sessions', 'remove', id)).stderr).toContain('is forgotten with its 0 messages');
  expect(await sessions.get(id)).toBeUndefined();
  expect(await stage.call('sessions', 'rename', id, ' ')).toMatchObject({ code: 2 });
});

test('finds where something was said', async () => {
  const stage = openStage();
  const { sessions } = storeOf(stage);
  const { id } = await sessions.record(turn(stage, 'n1', { title: 'Till' }));
  await sessions.append(id, [{ role: 'user', type: 'text', text: 'Which currencies do we take?', at: 1 }]);
  const found = await stage.call('sessions', 'search', 'currenc', 'take');
  expect(found.stdout).toContain('    user at 1: Which currencies do we take?\n');
  expect(data((await stage.call('sessions', 'search', 'till', '--json')).stdout)).toMatchObject({
    hits: [{ session: { id }, excerpt: 'Till' }],
  });
  expect(await stage.call('sessions', 'search', 'nothing')).toMatchObject({ code: 0, stdout: '' });
});

test.each([
  [['show', 'nope'], 'unknown-session'],
  [['messages', 'nope'], 'unknown-session'],
  [['rename', 'nope', 'x'], 'unknown-session'],
  [['remove', 'n1', 'nope'], 'unknown-session'],
  [['show', 'n'], 'ambiguous-session'],
  [['list', '--before', 'nope'], 'unknown-session'],
])('refuses %j by name and changes nothing', async (args, code) => {
  const stage = openStage();
  const { sessions } = storeOf(stage);
  await sessions.record(turn(stage, 'n1'));
  await sessions.record(turn(stage, 'n2'));
  const refused = await stage.call('sessions', ...args, '--json');
  expect(refused.code).toBe(2);
  expect(data(refused.stdout).error).toMatchObject({ code, hint: expect.any(String) });
  expect(await sessions.list({ archived: 'also' })).toHaveLength(2);
});
