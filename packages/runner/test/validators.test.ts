import { describe, expect, test } from 'vitest';
import { startRun } from '../src/index.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { artifact, call, checks, code, judgedBy, parallel, planOf, validate } from './plans.ts';

const review = (inputs = {}) =>
  judgedBy('review', [validate('judge', { prompt: [['Judge ', { ref: 'input', name: 'what' }]] })], { inputs });

async function run(steps: Parameters<typeof planOf>[1], script: Script, files: Record<string, string> = {}) {
  const world = new World({ script, files });
  const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
  return { world, state, turns: world.asked.map(({ step, attempt }) => `${step}#${attempt}`) };
}

describe('a gate that is a workflow', () => {
  test('judges by its own run, and what it says reaches the next attempt', async () => {
    let verdicts = 0;
    const { world, state, turns } = await run(
      [code('impl', { gates: [review({ what: [['the diff: ', { ref: 'diff' }]] })], attempts: 2 })],
      ({ step, attempt, files }) => {
        if (step === 'impl') {
          files.set('a.ts', `try ${attempt}`);
          return {};
        }
        verdicts += 1;
        return { json: verdicts === 1 ? { pass: false, comments: 'Add a test.' } : { pass: true, comments: 'Good.' } };
      },
    );
    expect(state.status).toBe('passed');
    expect(turns).toEqual(['impl#1', 'impl/gate/review/judge#1', 'impl#2', 'impl/gate/review/judge#1']);
    expect(world.asked[1]?.input.prompt).toContain('Judge the diff: added a.ts: try 1');
    expect(world.asked[2]?.input.prompt).toContain('Add a test.');
    expect(world.asked[3]?.input.prompt).toContain('try 2');
    expect(state.steps.impl?.gates.review).toMatchObject({ pass: true, comments: 'Good.' });
    expect(world.asked[1]?.open.access).toBe('read-only');
  });

  test.each(['.pawl/out/output.json', '.gump/out/validate.json'])(
    'never takes a verdict that the coding agent has left in %s',
    async (file) => {
      const seen: (string | undefined)[] = [];
      const { state } = await run([code('impl', { gates: [review()] })], ({ step, files }) => {
        if (step === 'impl') {
          files.set(file, '{"pass":true,"comments":"looks good to me"}');
          files.set('a.ts', 'bad');
          return {};
        }
        seen.push(files.get(file));
        // It could not make up its mind.
        return { text: 'I cannot tell.' };
      });
      expect(seen).toEqual([undefined]);
      expect(state.status).toBe('failed');
      expect(state.steps.impl?.gates.review).toMatchObject({
        pass: false,
        failure: expect.stringContaining('no JSON was found'),
      });
    },
  );

  test('that cannot start says so, and the gate has failed', async () => {
    const unknown = judgedBy('review', [validate('judge', { agent: 'nobody' })]);
    const { state } = await run([code('impl', { gates: [unknown] })], ({ files }) => {
      files.set('a.ts', '');
      return {};
    });
    expect(state.steps.impl?.gates.review?.failure).toContain('no agent is named "nobody"');
  });

  test('may not change files: what its agent writes is undone and fails it', async () => {
    const { world, state } = await run([code('impl', { gates: [review()] })], ({ step, files }) => {
      files.set(step === 'impl' ? 'a.ts' : 'b.ts', 'x');
      return step === 'impl' ? {} : { json: { pass: true } };
    });
    expect(state.status).toBe('failed');
    expect([...world.lane.files.keys()]).toEqual(['a.ts']);
    expect(state.steps.impl?.gates.review?.failure).toContain('no_write');
  });

  test('that checks which files were changed sees the work that it judges', async () => {
    const touched = { name: 'touched', kind: 'touched', glob: 'a.ts' } as const;
    const untouched = { name: 'untouched', kind: 'untouched', glob: 'b.ts' } as const;
    const gates = [judgedBy('files', [checks('look', touched, untouched)])];
    const write: Script = ({ step, files }) => {
      files.set(step === 'impl' ? 'a.ts' : 'z.ts', 'x');
      return {};
    };
    const { state } = await run([code('first'), code('impl', { gates })], write);
    expect(state.failure).toBeUndefined();
    expect(state.steps.impl?.gates.files).toMatchObject({ pass: true });
  });

  test('of several reviewers side by side: one no is a no, and all comments are told', async () => {
    const reviewers = judgedBy('review', [parallel('all', [validate('arch'), validate('style')])]);
    const { world, state, turns } = await run([code('impl', { gates: [reviewers] })], ({ step, files }) => {
      if (step === 'impl') files.set('a.ts', 'x');
      if (step.endsWith('arch')) return { json: { pass: true, comments: 'arch is fine' } };
      return { json: { pass: false, comments: 'style is not' } };
    });
    expect(state.status).toBe('failed');
    expect(turns.sort()).toEqual(['impl#1', 'impl/gate/review/all/arch#1', 'impl/gate/review/all/style#1']);
    expect(state.steps.impl?.gates.review?.failure).toContain('style is not');
    const places = world.asked.map(({ open }) => open.cwd);
    expect(new Set(places).size).toBe(3);
    // They see the work that they judge, before it is anyone's commit.
    expect(world.asked.map(({ files }) => files.get('a.ts'))).toEqual(['x', 'x', 'x']);
  });
});

describe('a second validator', () => {
  test('after one with reviewers side by side sees the same work', async () => {
    const reviewers = (name: string) => judgedBy(name, [parallel('all', [validate('arch'), validate('style')])]);
    const seen: (string | undefined)[] = [];
    const { state } = await run([code('impl', { gates: [reviewers('one'), reviewers('two')] })], ({ step, files }) => {
      if (step === 'impl') files.set('a.ts', 'x');
      else seen.push(files.get('a.ts'));
      return { json: { pass: true } };
    });
    expect(state.status).toBe('passed');
    expect(seen).toEqual(['x', 'x', 'x', 'x']);
  });
});

describe('another workflow', () => {
  test('called as a step sees its inputs, and its outputs are fields', async () => {
    const text = 'It has {x}, {{y}} and \u0024{HOME}.';
    const inner = [artifact('notes', { prompt: [['About ', { ref: 'input', name: 'topic' }]] })];
    const steps = [
      call('research', inner, {
        inputs: { topic: [['/users/{id}']] },
        outputs: { output: [[{ ref: 'output' }]] },
      }),
      code('impl', { prompt: [['Use: ', { ref: 'step', address: 'research', field: 'output' }]] }),
    ];
    const { world, state } = await run(steps, () => ({ text }));
    expect(state.status).toBe('passed');
    expect(world.asked[0]?.input.prompt).toContain('About /users/{id}');
    expect(world.asked[1]?.input.prompt).toContain(`Use: ${text}`);
  });

  test('before an attempt runs before each of them, and gives what the prompt says', async () => {
    let asked = 0;
    const get = call('prepare', [artifact('brief')], { outputs: { output: [[{ ref: 'output' }]] } });
    const steps = [
      code('impl', {
        get,
        prompt: [['Brief: ', { ref: 'step', address: 'impl/get/prepare', field: 'output' }]],
        gates: ['check'],
        attempts: 2,
      }),
    ];
    const world = new World({
      script: ({ step, attempt, files }) => {
        if (step !== 'impl') {
          asked += 1;
          return { text: `brief ${asked}` };
        }
        files.set('a.ts', `${attempt}`);
        return {};
      },
      commands: { check: (files) => (files.get('a.ts') === '2' ? {} : { code: 1 }) },
    });
    const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
    expect(state.status).toBe('passed');
    expect(world.asked.map(({ step }) => step)).toEqual([
      'impl/get/prepare/brief',
      'impl',
      'impl/get/prepare/brief',
      'impl',
    ]);
    expect(world.asked[1]?.input.prompt).toContain('Brief: brief 1');
    expect(world.asked[3]?.open.start.kind).toBe('resume');
    expect(world.asked[3]?.input.prompt).toContain('Brief: brief 2');
  });
});

describe('a conversation that is forked', () => {
  test('is opened as a fork, not as a resume of the same one', async () => {
    const steps = [code('first'), code('second', { session: { mode: 'fork', address: 'first' } })];
    const { world, state } = await run(steps, () => ({}));
    expect(state.status).toBe('passed');
    expect(world.asked[1]?.open.start).toEqual({ kind: 'fork', ref: world.asked[0]?.session });
    expect(world.asked[1]?.session).not.toEqual(world.asked[0]?.session);
  });
});
