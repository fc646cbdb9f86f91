import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const recorded = (path: string) => readFileSync(new URL(`../../../packages/provider-${path}`, import.meta.url), 'utf8');
/** The transcript that a recording of a CLI has with it. */
function transcript(path: string): string {
  const files: Record<string, string> = JSON.parse(recorded(`${path}/context.json`)).files;
  return Object.entries(files).find(([file]) => file.endsWith('.jsonl'))?.[1] ?? '';
}
const firstLine = (text: string) => JSON.parse(text.split('\n', 1)[0] ?? '');

const done = 'All done, in a sentence that comes in more than one piece.';

/** Puts what an agent's own CLI wrote where it is looked for; gives the session's id. */
type Place = (stage: Stage) => string;

function put(stage: Stage, path: string, text: string, recordedIn: string): void {
  const file = join(stage.env.HOME ?? '', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text.replaceAll(recordedIn, stage.repository));
}

const gemini: Place = (stage) => {
  const text = transcript('gemini/recordings/fork');
  const id: string = firstLine(text).sessionId;
  put(stage, '.gemini/projects.json', JSON.stringify({ projects: { [stage.repository]: 'shop' } }), '\0');
  const name = `session-2026-11-20T10-00-${id.slice(0, 8)}.jsonl`;
  put(stage, `.gemini/tmp/shop/chats/${name}`, text, '/tmp/pawl-record-gemini/tools/repository');
  return id;
};

const qwen: Place = (stage) => {
  const text = transcript('qwen/recordings/continue');
  const id: string = firstLine(text).sessionId;
  const project = stage.repository.replace(/[^A-Za-z0-9]/g, '-');
  put(stage, `.qwen/projects/${project}/chats/${id}.jsonl`, text, '/tmp/pawl-record-qwen/tools/repository');
  return id;
};

const pi: Place = (stage) => {
  const text = transcript('pi/recordings/own-fork-at');
  const id: string = firstLine(text).id;
  const folder = `--${stage.repository.slice(1).replaceAll('/', '-')}--`;
  const path = `.pi/agent/sessions/${folder}/2026-11-20T10-00-00-000Z_${id}.jsonl`;
  put(stage, path, text, '/tmp/pawl-record-pi/own-tools/repository');
  return id;
};

/** Its store is a database that only it opens: here a script that answers as it does. */
const opencode: Place = (stage) => {
  const text = recorded('opencode/recordings/own-tools/export.json');
  const { info } = JSON.parse(text);
  put(stage, 'export.json', text, '/tmp/pawl-record-opencode/own-tools/repository');
  const { id, title, time } = info;
  const listed = [{ id, title, directory: stage.repository, updated: time.updated }];
  put(stage, 'list.json', JSON.stringify(listed), '\0');
  const bin = join(stage.folder, 'bin', 'opencode');
  mkdirSync(dirname(bin));
  const script = [
    '#!/bin/sh',
    'case "$1" in',
    `  session) cat "$HOME/list.json" ;;`,
    `  export) cat "$HOME/export.json" ;;`,
    'esac',
  ];
  writeFileSync(bin, `${script.join('\n')}\n`);
  chmodSync(bin, 0o755);
  stage.env.PATH = [dirname(bin), stage.env.PATH].join(delimiter);
  return id;
};

test.each([
  ['gemini', gemini],
  ['qwen', qwen],
  ['pi', pi],
  ['opencode', opencode],
] as const)('a session that %s made by itself is listed, read page by page, and searched', async (provider, place) => {
  const stage = openStage();
  const id = place(stage);
  const listed = JSON.parse((await stage.call('sessions', '--all', '--agent', provider, '--json')).stdout);
  expect(listed).toMatchObject({
    silent: [],
    outside: [{ ref: { provider, id, cwd: stage.repository }, title: 'hi' }],
  });
  const page = async (...args: string[]) => {
    const { code, stdout, stderr } = await stage.call('sessions', 'messages', id, '--json', ...args);
    expect(code, stderr).toBe(0);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const all = await page();
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
  expect(all.find(({ type }) => type === 'text')).toMatchObject({ role: 'user', text: 'hi' });
  expect(all.at(-1)).toMatchObject({ role: 'assistant', type: 'text', text: done });
  expect(all.length).toBeGreaterThan(3);
  expect(await page('--after', '1', '--limit', '2')).toEqual(all.slice(1, 3));
  expect(await page('--last', '--limit', '2')).toEqual(all.slice(-2));
  expect((await stage.call('sessions', 'search', 'sentence')).stdout).toContain('in a sentence');
});

test('a session that Gemini CLI will delete at its next start is warned of, whatever its age', async () => {
  const stage = openStage();
  const id = gemini(stage);
  expect((await stage.call('sessions', 'show', id)).stdout).not.toContain('started there next');
  // As going on with it in a later minute leaves it.
  const [header = ''] = transcript('gemini/recordings/fork').split('\n', 1);
  put(stage, `.gemini/tmp/shop/chats/session-2026-11-20T10-05-${id.slice(0, 8)}.jsonl`, `${header}\n`, '\0');
  const shown = await stage.call('sessions', 'show', id, '--json');
  const { session, deletedAt } = JSON.parse(shown.stdout);
  expect(deletedAt).toBeLessThanOrEqual(Date.now());
  expect((await stage.call('sessions', 'show', id)).stdout).toContain('by its agent, when it is started there next');
  expect((await stage.call('sessions')).stderr).toContain(`deletes its transcripts of ${session.short}`);
  put(stage, '.gemini/settings.json', '{ "general": { "sessionRetention": { "enabled": false } } }', '\0');
  expect((await stage.call('sessions')).stderr).toBe('');
});
