import { describe, expect, test } from 'vitest';
import { decide, evolve, type Plan } from '../src/index.ts';
import {
  answer,
  broken,
  call,
  code,
  fails,
  files,
  group,
  interrupted,
  limited,
  plan,
  split,
  tasks,
  turn,
  validate,
} from './given.ts';
import { type Answers, finish, type Played, play, took } from './play.ts';

/** Resumed after it has ended, and played on. */
function resumed(run: Played, answers: Answers = {}): Played {
  run.tell({ type: 'resume' });
  return finish(run, answers);
}
const since = (run: Played, from: number) => run.ids.slice(from);
const turns = (ids: readonly string[]) =>
  ids.filter((id) => /run-agent(\.\d+)?$/.test(id)).map((id) => id.replace(/@\d+/g, ''));

describe('a run that failed and is resumed', () => {
  const steps = [code('a'), code('b', { gates: ['test'], attempts: 2 }), code('c')];
  const red = { 'b#1/gate:test': fails('FIRST'), 'b#2/gate:test': fails('SECOND') };

  test('skips the steps that passed and begins the fatal one at attempt 1', () => {
    const run = play(plan(steps), red);
    const from = run.ids.length;
    resumed(run);
    expect(turns(since(run, from))).toEqual(['b#1/run-agent', 'c#1/run-agent']);
    expect(run.state.status).toBe('passed');
    expect(run.state.failure).toBeUndefined();
  });

  test('tells the fatal step what failed, in the conversation that it had', () => {
    const run = resumed(play(plan(steps), red));
    const again = run.ids.find((id) => id.startsWith('b@') && id.endsWith('run-agent')) ?? '';
    expect(run.prompt(again)).toContain('SECOND');
    expect(run.prompt(again)).toContain(
      'This step has run before and begins again. What did not pass: gate failed: test',
    );
    expect(run.start(again)).toBe('session of b#1');
  });

  test('goes on in the conversation of a turn that was interrupted, and stopped by the person who was asked', () => {
    const settings = { onInterrupt: 'ask' } as const;
    const run = resumed(
      play(plan([code('b')], { settings }), {
        'b#1/run-agent': interrupted('s'),
        'b#1/ask.interrupted1': answer('abort'),
      }),
    );
    const again = run.ids.find((id) => id.startsWith('b@') && id.endsWith('run-agent')) ?? '';
    expect(run.start(again)).toBe('s');
    expect(run.state.status).toBe('passed');
  });

  test('counts its attempts anew', () => {
    const run = play(plan(steps), red);
    const again = resumed(run, Object.fromEntries([1, 2].map((at) => [`b@2#${at}/gate:test`, fails(`${at}`)])));
    expect(
      again
        .ofType('attempt-started')
        .filter(({ step }) => step === 'b')
        .map(({ attempt }) => attempt),
    ).toEqual([1, 2, 1, 2]);
  });

  test('works in the worktree as it is: nothing is put back, and its diff is against the state before the step', () => {
    const run = play(plan(steps), red);
    const from = run.ids.length;
    resumed(run);
    expect(since(run, from).join()).not.toContain('reset');
    expect(run.effects.slice(from).find(({ type }) => type === 'checkpoint')).toMatchObject({ since: 'commit of a' });
    expect(run.effects[from]).toMatchObject({ type: 'open-worktree', base: 'commit of a' });
  });

  test('keeps the conversations of the steps before it', () => {
    const run = resumed(
      play(plan([code('a'), code('b', { gates: ['test'] }), code('c', { from: 'a' })]), {
        'b#1/gate:test': fails('x'),
      }),
    );
    expect(
      run.agent(run.ids.findLast((id) => id.startsWith('c') && id.endsWith('run-agent')) ?? '').start,
    ).toMatchObject({ session: { id: 'session of a#1' } });
  });

  test('can be resumed again, and again, with ids that were never given before', () => {
    const run = play(plan(steps), red);
    for (let round = 0; round < 4; round++) resumed(run, { ...failsAlways(run) });
    expect(run.state.status).toBe('failed');
    resumed(run);
    expect(run.state.status).toBe('passed');
    expect(new Set(run.ids).size).toBe(run.ids.length);
  });

  test('goes on counting what it spent', () => {
    const run = play(plan([code('a'), code('b', { gates: ['test'] })], { limits: { costUsd: 0.6 } }), {
      'b#1/gate:test': fails('x'),
    });
    expect(run.state.spent.costUsd).toBe(0.5);
    const id = resumed(run).ids.find((one) => one.startsWith('b@') && one.endsWith('run-agent')) ?? '';
    expect(run.agent(id).limits.costUsd?.value).toBeCloseTo(0.1);
  });

  test('does not count the time in which it stood still', () => {
    const run = play(plan([code('a', { gates: ['test'] })], { limits: { wallMs: 60_000 } }), {
      'a#1/gate:test': fails('x'),
    });
    run.at += 7 * 24 * 3600_000;
    expect(resumed(run).state.status).toBe('passed');
    const slow = play(plan([call('c', [code('a', { gates: ['test'] })], { limits: { wallMs: 60_000 } })]), {
      'c/a#1/run-agent': took(50_000, turn()),
      'c/a#1/gate:test': fails('x'),
    });
    slow.at += 7 * 24 * 3600_000;
    const left = resumed(slow).effects.findLast(({ type }) => type === 'run-agent');
    expect(left).toMatchObject({ limits: { wallMs: { value: 7000 } } });
  });

  test('nor, of one whose process died, the time until another went on with it', () => {
    const limits = { wallMs: 60_000 };
    const goOn = (run: Played, since: number) => {
      run.at += 24 * 3600_000;
      return run.tell({ type: 'continue', since });
    };
    const steps = [code('a', { gates: ['test'] })];
    const turned = play(plan(steps, { limits }), {}, { until: 'a#1/run-agent' });
    expect(goOn(turned, turned.at)).toMatchObject([{ type: 'run-continued', since: 1_001_000 }]);
    finish(turned, { 'a#1/run-agent': interrupted('s') });
    expect(turned.state.status).toBe('passed');
    // The worktree, the turn, and the record of what it left took a second each.
    expect(turned.agent('a#1/run-agent.1').limits.wallMs?.value).toBe(57_000);
    const gated = play(plan(steps, { limits }), {}, { until: 'a#1/gate:test' });
    goOn(gated, gated.at);
    expect(finish(gated).state.status).toBe('passed');
    // Of one that only waits for a person nothing new is said.
    const asked = play(plan([code('a', { pause: 'after_gate' })], { limits }), {}, { until: 'a#1/ask' });
    expect(goOn(asked, asked.at)).toEqual([]);
    expect(finish(asked).state.status).toBe('passed');
  });

  test('begins a step anew at its own agent after an escalation, and says so', () => {
    const run = play(plan([code('a', { gates: ['test'], attempts: 2, entries: [{ attempt: 2, agent: 'opus' }] })]), {
      'a#1/gate:test': fails('1'),
      'a#2/gate:test': fails('2'),
    });
    resumed(run);
    expect(run.ofType('attempt-started').at(-1)).toMatchObject({ agent: 'haiku', session: { mode: 'new' } });
    expect(run.warnings).toContain('a: session-agent-changed');
  });
});

function failsAlways(run: Played): Answers {
  const next = run.state.generation + 1;
  return Object.fromEntries(
    [next, next + 1, next + 2].flatMap((at) => [1, 2].map((attempt) => [`b@${at}#${attempt}/gate:test`, fails('x')])),
  );
}

describe('what is inside a step', () => {
  test('of a split: tasks that finished are skipped, the fatal one goes on at its fatal step', () => {
    const each = [code('red'), code('green', { gates: ['test'] })];
    const run = play(plan([split('build', each)]), {
      'build#1/run-agent': turn({ json: tasks('one', 'two', 'three') }),
      'build/two/green#1/gate:test': fails('RED'),
    });
    const from = run.ids.length;
    resumed(run);
    expect(turns(since(run, from))).toEqual([
      'build/two/green#1/run-agent',
      'build/three/red#1/run-agent',
      'build/three/green#1/run-agent',
    ]);
    expect(run.state.status).toBe('passed');
  });

  test('of parallel lanes: only the fatal one, and what passed is merged', () => {
    const both = group(
      'both',
      ['a', 'b', 'c'].map((name) => code(name, { gates: ['test'] })),
      { parallel: {} },
    );
    const run = play(plan([both]), { 'both/b#1/gate:test': fails('RED') });
    const from = run.ids.length;
    resumed(run);
    expect(turns(since(run, from))).toEqual(['both/b#1/run-agent']);
    expect(run.effects.filter(({ type }) => type === 'merge').map((effect) => 'from' in effect && effect.from)).toEqual(
      ['both/a', 'both/b', 'both/c'],
    );
    expect(run.state.status).toBe('passed');
  });

  test('of a call: the steps that passed are skipped, and its inputs are as they were', () => {
    const deploy = call('deploy', [code('a'), code('b', { gates: ['test'], prompt: '{input:x}' })], {
      inputs: { x: 'GIVEN' },
    });
    const run = play(plan([deploy]), { 'deploy/b#1/gate:test': fails('RED') });
    const from = run.ids.length;
    resumed(run);
    expect(turns(since(run, from))).toEqual(['deploy/b#1/run-agent']);
    const at = run.ids.findLast((id) => id.endsWith('run-agent')) ?? '';
    expect(run.prompt(at)).toContain('This step has run before');
  });

  test('of a group whose gate failed: the gate is asked again, nothing else; what a person mended is on the branch', () => {
    const run = play(plan([group('setup', [code('a')], { gates: ['test'] })]), { 'setup#1/gate:test': fails('RED') });
    const from = run.ids.length;
    resumed(run);
    expect(since(run, from).map((id) => id.replace(/@\d+/, ''))).toEqual([
      '#1/open-worktree',
      'setup#1/checkpoint',
      'setup#1/gate:test',
      'setup#1/advance',
    ]);
    expect(run.state.status).toBe('passed');
  });

  test('of a loop that came to its end: its condition is asked again, then it goes round again', () => {
    const loop = { until: { is: 'gate', gate: 'test' }, max: 2 } as const;
    const red = { 'fix#1/gate:test': fails('1'), 'fix#2/gate:test': fails('2') };
    const run = play(plan([group('fix', [code('a')], { gates: ['test'], loop })]), red);
    const from = run.ids.length;
    const again = [2, 3, 4].map((at) => [`fix@${at}#1/gate:test`, fails('3')]);
    resumed(run, Object.fromEntries(again));
    expect(turns(since(run, from))).toEqual(['fix/a#1/run-agent']);
    expect(run.state.status).toBe('passed');
  });
});

describe('a run that was stopped can be resumed, whatever it was at', () => {
  const review = call('review', [validate('look')], { inputs: { diff: '{diff}' } });
  const research = call('research', [code('read')], { outputs: { output: '{step:all/x/get/research/read.output}' } });
  const steps = (): Plan =>
    plan([
      group(
        'all',
        [
          code('x', {
            get: research,
            gates: ['test', { name: 'review', kind: 'validate', call: review }],
            attempts: 2,
            pause: 'before_gate',
            entries: [{ attempt: 2, worktree: 'reset', validate: review }],
          }),
          group('both', [code('a'), code('b')], { parallel: {} }),
          split('build', [code('impl')], { parallel: {} }),
          call('sub', [code('s')], { outputs: { output: '{step:all/sub/s.output}' } }),
        ],
        { gates: ['lint'], attempts: 2 },
      ),
    ]);
  /** Reviewers change nothing, whatever their generation. */
  const quietly = (answers: Answers): Answers =>
    new Proxy(answers, {
      get: (given, id: string) => given[id] ?? (/look.*checkpoint$/.test(id) ? files() : undefined),
    });
  const answers: Answers = { 'all/x#1/gate:test': fails('RED'), 'all#1/gate:lint': fails('LINT') };
  const whole = play(steps(), quietly(answers));

  test('the whole passes', () => {
    expect(whole.state.status).toBe('passed');
    expect(new Set(whole.ids).size).toBe(whole.ids.length);
    expect(whole.effects.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['merge', 'reset', 'ask', 'run-gate']),
    );
  });

  test.each(whole.ids)('at %s', (id) => {
    for (const outcome of [undefined, { kind: 'cancelled' } as const]) {
      const run = play(steps(), quietly({ ...answers, ...(outcome && { [id]: outcome }) }), { abortAt: id });
      expect(run.state.status).toBe('aborted');
      const from = run.ids.length;
      resumed(run, quietly({}));
      expect([id, run.state.status]).toEqual([id, 'passed']);
      expect(new Set(run.ids).size).toBe(run.ids.length);
      // No agent works in a worktree that was not opened.
      for (const effect of run.effects.slice(from))
        if (effect.type === 'run-agent')
          expect(run.effects.some(({ type, lane }) => type === 'open-worktree' && lane === effect.lane)).toBe(true);
    }
  });
});

test('before its worktree could be opened: again and again with new ids', () => {
  const run = play(plan([code('a')]), { '#1/open-worktree': broken });
  for (let round = 0; round < 3; round++) {
    run.tell({ type: 'resume' });
    const id = run.ids.at(-1) ?? '';
    run.tell({ type: 'settle', effect: id, outcome: broken });
  }
  expect(new Set(run.ids).size).toBe(run.ids.length);
  expect(resumed(run).state.status).toBe('passed');
});

test('stopped in a second attempt, the step still knows what the first one failed at', () => {
  const run = play(
    plan([code('a', { gates: ['test'], attempts: 2 })]),
    { 'a#1/gate:test': fails('FIRST') },
    { abortAt: 'a#2/run-agent' },
  );
  resumed(run);
  const again = run.ids.findLast((id) => id.endsWith('run-agent')) ?? '';
  expect(run.prompt(again)).toContain('FIRST');
});

test('stopped in its first attempt, it is told so', () => {
  const run = play(plan([code('a')]), { 'a#1/run-agent': interrupted('s') }, { abortAt: 'a#1/run-agent' });
  resumed(run);
  const again = run.ids.findLast((id) => id.endsWith('run-agent')) ?? '';
  expect(run.prompt(again)).toContain('it was stopped before it had ended.');
  expect(run.start(again)).toBe('s');
});

test('a limit of the run that is used up fails it again at once', () => {
  const run = play(plan([code('a')]), { 'a#1/run-agent': limited('max_budget', 'run') });
  expect(run.state.status).toBe('failed');
  expect(resumed(run).state.status).toBe('passed');
});

test('only a run that has ended without passing', () => {
  const running = play(plan([code('a')]), {}, { until: 'a#1/run-agent' }).state;
  const passed = play(plan([code('a')])).state;
  for (const state of [running, passed]) {
    expect(decide(state, { at: 0, type: 'resume' })).toMatchObject({ ok: false, code: 'not-resumable' });
  }
  const stopping = evolve(running, { at: 0, type: 'abort-requested', reason: '' });
  expect(decide(stopping, { at: 0, type: 'resume' })).toMatchObject({ ok: false, code: 'not-resumable' });
});
