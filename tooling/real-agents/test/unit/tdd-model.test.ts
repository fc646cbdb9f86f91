import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MessagesRequest } from '@pawl/fake-models';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tddModel, workingDirectory } from '../../src/tdd-model.ts';
import { tddTasks, writeTddProject } from '../../src/tdd-project.ts';

const system = '# Environment\n - Primary working directory: /somewhere\n - Platform: linux\n';
const said = (...texts: string[]): MessagesRequest => ({
  model: 'haiku',
  system,
  messages: texts.map((content) => ({ role: 'user', content })),
});
const [add, multiply] = tddTasks as [(typeof tddTasks)[0], (typeof tddTasks)[0]];
const red = (task = add) => `Write failing tests for: ${task.description}`;
const green = (task = add) => `Implement the code for: ${task.description}`;
const written = (turn: ReturnType<ReturnType<typeof tddModel>['answer']>) =>
  turn.tools?.[0]?.input as { file_path: string; content: string } | undefined;

describe('the planner', () => {
  test('answers through the tool where the CLI offers it', () => {
    const tools = [{ name: 'StructuredOutput', input_schema: { properties: { tasks: {} } } }];
    const turn = tddModel().answer({ ...said('Split the spec. Do not implement.'), tools });
    expect(turn.tools).toEqual([{ name: 'StructuredOutput', input: { tasks: expect.any(Array) } }]);
  });

  test('answers with a JSON block otherwise', () => {
    const { text } = tddModel().answer(said('Split this into tasks.'));
    const block = /```json\n([\s\S]+?)\n```/.exec(text ?? '')?.[1];
    expect(JSON.parse(block ?? '').tasks.map((task: { name: string }) => task.name)).toEqual(['add', 'multiply']);
  });
});

describe('red and green', () => {
  test('the newest words decide, in a conversation that goes on', () => {
    const model = tddModel({ bad: {} });
    expect(written(model.answer(said(red())))?.file_path).toBe('/somewhere/test/add.test.js');
    expect(written(model.answer(said(red(), green())))?.content).toBe(add.right);
    expect(model.turns.map((turn) => turn.step)).toEqual(['red', 'green']);
  });

  test('a failure text alone belongs to the prompt before it', () => {
    const model = tddModel();
    expect(written(model.answer(said(red(), green())))?.content).toContain(add.wrong);
    expect(written(model.answer(said(red(), green(), 'not ok 1 - add: -1 !== 5')))?.content).toBe(add.right);
    expect(model.turns.map((turn) => turn.tries)).toEqual([0, 1]);
  });

  test('output of a failing test run is not taken for a prompt', () => {
    const model = tddModel({ bad: {} });
    model.answer(said(red(), green(), '✖ failing tests:\ntests 1\nfail 1'));
    expect(model.turns).toMatchObject([{ step: 'green', task: 'add' }]);
  });

  test('a prompt that names nothing but the files of its task is understood', () => {
    const model = tddModel({ bad: {} });
    const prompt = 'Make the tests pass without changing them.\nFiles that belong to the task: src/multiply.js, x';
    expect(written(model.answer(said(prompt)))?.content).toBe(multiply.right);
  });

  test('each task and step has its own bad answers', () => {
    const model = tddModel({ bad: { 'multiply/red': 1 } });
    expect(model.answer(said(red(multiply))).tools).toBeUndefined();
    expect(written(model.answer(said(red(multiply))))?.content).toBe(multiply.test);
    expect(written(model.answer(said(red(add))))?.content).toBe(add.test);
  });

  test('after a tool it ends, and tells when the tool failed', () => {
    const results = (is_error: boolean): MessagesRequest => ({
      messages: [{ role: 'user', content: [{ type: 'tool_result', is_error, content: 'denied' }] }],
    });
    expect(tddModel().answer(results(false))).toEqual({ text: 'Done.' });
    expect(tddModel().answer(results(true)).text).toContain('denied');
  });

  test('what it does not understand is an error and not a guess', () => {
    expect(() => tddModel().answer(said('Good morning'))).toThrow('which step');
    expect(() => tddModel().answer(said('Implement something'))).toThrow('no task');
    expect(() => workingDirectory({ system: 'nowhere' })).toThrow('no working directory');
  });
});

describe('the project', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pawl-tdd-project-'));
    await writeTddProject(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = async (path: string, content: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const testsPass = () => {
    try {
      execFileSync(process.execPath, ['--test'], { cwd: folder, stdio: 'pipe', timeout: 20_000, env: {} });
      return true;
    } catch {
      return false;
    }
  };

  test.each(tddTasks)('$name is red without code, red with the wrong one, green with the right one', async (task) => {
    await put(task.testFile, task.test);
    expect(testsPass()).toBe(false);
    await put(task.sourceFile, task.wrong);
    expect(testsPass()).toBe(false);
    await put(task.sourceFile, task.right);
    expect(testsPass()).toBe(true);
  });
});
