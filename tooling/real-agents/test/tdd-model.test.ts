import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openStage } from '../src/stage.ts';
import { tddModel } from '../src/tdd-model.ts';
import { tddTasks, writeTddProject } from '../src/tdd-project.ts';

// The scripted model of the `tdd` workflow understands the requests of the real CLI: without the workflow itself, so that
// a failure here is the model's or the CLI's.
const run = promisify(execFile);

test('plans, writes a failing test, a wrong implementation, and after the failure the right one', async () => {
  const scripted = tddModel({ bad: { 'add/green': 1 } });
  await using stage = await openStage({ fallback: scripted.answer });
  await writeTddProject(stage.folder);
  const testOutput = () =>
    run(process.execPath, ['--test'], { cwd: stage.folder, env: {}, timeout: 20_000 }).then(
      () => 'passed',
      (error: { stdout?: string }) => `failed: ${error.stdout}`,
    );

  const outputSchema = { type: 'object', properties: { tasks: { type: 'array' } }, required: ['tasks'] };
  const planned = await stage.agent({ access: 'read-only' }).run('Split spec.md into tasks.', { outputSchema });
  const [add] = tddTasks;
  expect(planned.json).toMatchObject({ tasks: tddTasks.map(({ name, description }) => ({ name, description })) });

  const agent = stage.agent({ model: 'claude-haiku-4-5' });
  const red = await agent.run(`Write failing tests for this task.\n\n${add?.description}`);
  expect(red.outcome).toEqual({ kind: 'completed', text: 'Done.' });
  expect(await readFile(join(stage.folder, add?.testFile ?? ''), 'utf8')).toBe(add?.test);
  expect(await testOutput()).toContain('failed');

  await agent.run(`Implement the task so that the tests pass.\n\n${add?.description}`);
  const failure = await testOutput();
  expect(failure).toContain('-1');

  await agent.run(`The tests still fail:\n\n${failure}`);
  expect(await testOutput()).toBe('passed');
  expect(scripted.turns).toEqual([
    { step: 'plan', task: undefined, tries: 0, model: expect.any(String) },
    { step: 'red', task: 'add', tries: 0, model: 'claude-haiku-4-5' },
    { step: 'green', task: 'add', tries: 0, model: 'claude-haiku-4-5' },
    { step: 'green', task: 'add', tries: 1, model: 'claude-haiku-4-5' },
  ]);
});

test('without a schema the plan comes as a JSON block', async () => {
  await using stage = await openStage({ fallback: tddModel().answer });
  const { text } = await stage.agent({ access: 'read-only' }).run('Split spec.md into tasks.');
  expect(JSON.parse(/```json\n([\s\S]+?)\n```/.exec(text)?.[1] ?? '').tasks).toHaveLength(2);
});
