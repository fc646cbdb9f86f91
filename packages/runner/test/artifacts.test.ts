import { type AgentEnd, outputSchemas, type RunEvent } from '@pawl/core';
import type { JsonObject } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { schemaProblem } from '../src/agent/schema.ts';
import { startRun } from '../src/index.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { artifact, code, planOf, split, validate } from './plans.ts';

const candidates = (events: readonly RunEvent[]) =>
  events
    .flatMap((event) =>
      event.type === 'effect-settled' && event.outcome.kind === 'agent-ended' ? [event.outcome.report.end] : [],
    )
    .flatMap((end: AgentEnd) => (end.kind === 'completed' ? end.outputs : []));

async function run(step: Parameters<typeof planOf>[1][number], script: Script) {
  const world = new World({ script });
  const state = await startRun('r1', planOf(world.repository.base, [step]), world.ports());
  return { world, state, output: state.steps[step.name]?.output };
}

const summary: JsonObject = {
  type: 'object',
  required: ['title', 'points'],
  properties: { title: { type: 'string' }, points: { type: 'array', items: { type: 'number' } } },
};

describe('a text', () => {
  test('is the final message', async () => {
    expect((await run(artifact('notes'), () => ({ text: 'Three {findings}.' }))).output).toBe('Three {findings}.');
  });

  test.each(['.pawl/out/output.json', '.gump/out/artifact.txt'])('is what lies in %s, rather', async (file) => {
    const { output, world } = await run(artifact('notes'), ({ files }) => {
      files.set(file, 'The long one.\n');
      return { text: 'I wrote it.' };
    });
    expect(output).toBe('The long one.\n');
    expect(world.repository.lane('main').history()).toEqual([]);
  });

  test('a file that is empty is none', async () => {
    const { output } = await run(artifact('notes'), ({ files }) => {
      files.set('.pawl/out/output.json', ' \n');
      return { text: 'Here.' };
    });
    expect(output).toBe('Here.');
  });

  test('that is long stands outside the log', async () => {
    const { output, world } = await run(artifact('notes'), ({ files }) => {
      files.set('.pawl/out/output.json', 'long '.repeat(100_000));
      return {};
    });
    expect(output).toMatchObject({ bytes: 500_000 });
    expect(JSON.stringify(world.log()).length).toBeLessThan(20_000);
  });

  test('a file that is too large is told, and not taken for the text', async () => {
    const { world } = await run(artifact('notes'), ({ files }) => {
      files.set('.pawl/out/output.json', 'x'.repeat(6e6));
      return { text: 'I wrote it.' };
    });
    expect(candidates(world.log())).toEqual([{ source: 'file', error: '.pawl/out/output.json is too large' }]);
  });
});

describe('JSON by a schema', () => {
  const step = artifact('notes', { output: summary, attempts: 2 });
  const good = { title: 'T', points: [1, 2] };

  test('is what the agent is held to, and is accepted as it is', async () => {
    const { world, output } = await run(step, () => ({ json: good }));
    expect(JSON.parse(String(output))).toEqual(good);
    expect(world.asked[0]?.input.outputSchema).toEqual(summary);
  });

  test('that does not satisfy it fails the attempt, and the agent is told where', async () => {
    const { world, state, output } = await run(step, ({ attempt }) => ({
      json: attempt === 1 ? { title: 5, points: [1, 'two'] } : good,
    }));
    expect(state.status).toBe('passed');
    expect(JSON.parse(String(output))).toEqual(good);
    const prompt = world.asked[1]?.input.prompt;
    expect(prompt).toMatch(/title: .*"number".*"string"/);
    expect(prompt).toMatch(/points\/1: .*"string".*"number"/);
  });

  test('the first of several that satisfies it is taken', async () => {
    const { output } = await run(step, ({ files }) => {
      files.set('.pawl/out/output.json', JSON.stringify(good));
      return { text: 'Like {"title": 1}: {}' };
    });
    expect(JSON.parse(String(output))).toEqual(good);
  });

  test('that is too large is told', async () => {
    const { state } = await run(artifact('notes', { output: summary }), ({ files }) => {
      files.set('.pawl/out/output.json', 'x'.repeat(6e6));
      return { text: 'It is in the file.' };
    });
    expect(state.failure?.message).toContain('too large');
  });

  test('a schema that cannot be used is named', async () => {
    const broken = artifact('notes', { output: { type: 'object', properties: { a: { $ref: '#/nowhere' } } } });
    const { state } = await run(broken, () => ({ json: { a: 1 } }));
    expect(state.failure?.message).toMatch(/the step's schema cannot be used: .*nowhere/);
  });

  test('the plan is as it was', async () => {
    const frozen = structuredClone(summary);
    Object.freeze(frozen);
    expect(schemaProblem({}, frozen)).toContain('"title"');
    expect(Reflect.ownKeys(frozen)).toEqual(Reflect.ownKeys(summary));
  });

  test.each([
    ['numbers', Array.from({ length: 300_000 }, () => 'x')],
    ['depth', Array.from({ length: 5000 }, () => [[[['x']]]])],
  ])('a flood of wrong %s ends', (_, points) => {
    expect(schemaProblem({ title: 'T', points }, summary)).toMatch(/^points\/0: /);
  });
});

describe('what the core reads itself', () => {
  const tasks = [{ name: 'a', description: 'A' }];

  test.each([
    ['under tasks', { tasks }],
    ['as a bare list', tasks],
  ])('tasks are taken %s', async (_, json) => {
    const { state } = await run(split('plan', [code('impl')]), ({ step }) => (step === 'plan' ? { json } : {}));
    expect(state.status).toBe('passed');
    expect(state.steps.plan?.tasks).toHaveLength(1);
  });

  test('a verdict with a schema of its own must satisfy both', async () => {
    const output: JsonObject = { type: 'object', required: ['score'], properties: { score: { type: 'number' } } };
    const step = validate('judge', { output, attempts: 2 });
    const { world, state } = await run(step, ({ attempt }) => ({
      json: attempt === 1 ? { pass: true } : { pass: true, score: 3 },
    }));
    expect(state.status).toBe('passed');
    expect(world.asked[1]?.input.prompt).toContain('"score"');
    expect(world.asked[0]?.input.outputSchema).toEqual({
      type: 'object',
      required: ['pass', 'score'],
      properties: { score: { type: 'number' }, ...(outputSchemas.verdict.properties as JsonObject) },
    });
  });

  test('a schema that closes the object does not shut the verdict out', async () => {
    const step = validate('judge', { output: { type: 'object', properties: {}, additionalProperties: false } });
    expect((await run(step, () => ({ json: { pass: true, comments: 'ok' } }))).state.status).toBe('passed');
  });
});
