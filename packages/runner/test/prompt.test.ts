import type { PromptPart } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { composePrompt } from '../src/agent/prompt.ts';
import { startRun } from '../src/index.ts';
import { plain } from '../src/plain.ts';
import { shorten } from '../src/text.ts';
import { World, type WorldSpec } from './fakes.ts';
import { code, planOf } from './plans.ts';

async function composed(parts: readonly PromptPart[], spec: WorldSpec = {}): Promise<string> {
  const world = new World(spec);
  const ports = world.ports();
  const plan = planOf(world.repository.base, []);
  const state = await startRun('r1', plan, ports);
  const lane = await ports.worktrees.open({ run: 'r1', name: 'main', base: world.repository.base });
  const { signal } = new AbortController();
  const text = await composePrompt(parts, lane, { state, ports, signal, observe: () => {} }, 'marker');
  return text;
}

describe('a prompt', () => {
  test('is its parts in order, and values are never scanned', async () => {
    const files = { 'notes.md': 'See /users/{id}.\n' };
    const commands = { 'git log': () => ({ stdout: '\u001b[33mabc\u001b[0m {first}\n' }) };
    const parts: PromptPart[] = [
      'Do {this}.',
      '\n\n',
      { file: 'notes.md', title: '## notes.md' },
      '\n',
      { command: 'git log', title: '## Output of git log' },
    ];
    expect(await composed(parts, { files, commands })).toBe(
      'Do {this}.\n\n## notes.md\n\nSee /users/{id}.\n\n## Output of git log\n\nabc {first}\n',
    );
  });

  test('long texts come whole, or as head and tail', async () => {
    const world = new World();
    const ports = world.ports();
    const long = `${'head '.repeat(2000)}${'tail '.repeat(2000)}`;
    const ref = (await ports.files.keep('r1', long)) as { blob: string; bytes: number };
    expect(ref.bytes).toBe(20_000);
    const plan = planOf(world.repository.base, []);
    const state = await startRun('r1', plan, ports);
    const lane = await ports.worktrees.open({ run: 'r1', name: 'main', base: world.repository.base });
    const surroundings = { state, ports, signal: new AbortController().signal, observe: () => {} };
    const text = (part: PromptPart) => composePrompt([part], lane, surroundings, 'm');
    expect(await text(ref)).toBe(long);
    const cut = await text({ ...ref, limit: 100 });
    expect(cut).toMatch(/^head [\s\S]*left out …\][\s\S]*tail $/);
    expect(cut.length).toBeLessThan(150);
    expect(await text({ text: 'short', limit: 100 })).toBe('short');
    expect((await text({ text: long, limit: 100 })).length).toBeLessThan(150);
  });

  test.each([
    ['fails', { code: 3, stdout: 'some' }, '(It ended with exit code 3.)\n\nsome'],
    ['is too slow', { code: undefined, timedOut: true }, '(It did not end within 30 s and was stopped.)\n\n'],
    ['is killed', { code: undefined, signal: 'SIGKILL' }, '(It was ended by SIGKILL.)\n\n'],
    ['cannot start', { code: undefined, error: { message: 'no sh' } }, '(It could not be started: no sh)\n\n'],
  ])('a command of it that %s says so', async (_, end, expected) => {
    expect(await composed([{ command: 'x', title: 'T' }], { commands: { x: () => end } })).toBe(`T\n\n${expected}`);
  });

  test('a context file that is missing is named', async () => {
    await expect(composed([{ file: 'gone.md', title: 'T' }])).rejects.toMatchObject({
      code: 'context-missing',
      message: expect.stringContaining('gone.md'),
    });
  });

  test('of 1 MB reaches the agent as it is', async () => {
    const text = 'ä{x}\n'.repeat(200_000);
    const world = new World();
    const plan = planOf(world.repository.base, [code('impl', { prompt: [[text]] })]);
    await startRun('r1', plan, world.ports());
    expect(world.asked[0]?.input.prompt.startsWith(text)).toBe(true);
    const kept = [...world.runFiles].find(([name]) => name.endsWith('prompt.md'));
    expect(kept?.[1]).toBe(world.asked[0]?.input.prompt);
  });

  test('a context file that is missing fails the attempt before an agent is started', async () => {
    const world = new World();
    const context = [{ type: 'file', path: [['gone.md']] } as const];
    const plan = planOf(world.repository.base, [code('impl', { context })]);
    const state = await startRun('r1', plan, world.ports());
    expect(state.failure?.message).toContain('context-missing');
    expect(world.asked).toEqual([]);
  });
});

describe('shortening', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');

  test('keeps what fits', () => expect(shorten(lines, lines.length)).toBe(lines));
  test('cuts at line ends and tells how much', () => {
    const short = shorten(lines, 60);
    expect(short).toBe('line 0\nline 1\nline 2\nline 3\n[… 739 characters left out …]\nline 97\nline 98\nline 99');
    expect(short.replace(/\n\[….*\n/, '').length + 739).toBe(lines.length);
  });
  test.each([0, 1, 2, 7, 50])('of one long line to %i characters', (limit) => {
    expect(shorten('x'.repeat(1000), limit).length).toBeLessThan(limit + 50);
  });
  test('does not tear a character', () => {
    for (let limit = 10; limit < 20; limit += 1) expect(shorten('🙂'.repeat(100), limit).isWellFormed()).toBe(true);
  });
});

describe('output as plain text', () => {
  test.each([
    ['\u001b[31mred\u001b[39m and \u001b[1;4mbold\u001b[0m', 'red and bold'],
    ['\u001b]8;;https://x\u0007link\u001b]8;;\u0007', 'link'],
    ['10%\r55%\r100%\r\ndone\r\n', '100%\ndone\n'],
    ['\r\r\nx', '\nx'],
    ['\u001b(B\u001b=\u001bPq\u001b\\\u001b', ''],
    ['\u001b]0;title\nnot the title', '\nnot the title'],
    ['a\tb\0c\u0008d\u007f\u0085', 'a\tbcd'],
    ['äöü 🙂 日本', 'äöü 🙂 日本'],
  ])('%j', (output, expected) => expect(plain(output)).toBe(expected));

  test.each([['\u001b]'], ['\u001b['], ['\u001b[1;'], ['\r'], ['\n'], ['\u001b]8;;x'], ['\u009b1;']])(
    'a megabyte of %j ends',
    (piece) => {
      plain(`${piece.repeat((1024 * 1024) / piece.length)}x`);
    },
  );
});
