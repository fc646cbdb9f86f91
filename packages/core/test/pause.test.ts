import { describe, expect, test } from 'vitest';
import { answer, call, checkpointOf, checks, code, fails, files, group, plan, split, validate } from './given.ts';
import { finish, Played, play, settleAll, took } from './play.ts';

describe('a person is asked', () => {
  test('before the gates, about the files that the step left', () => {
    const run = play(plan([code('impl', { pause: 'before_gate', gates: ['test'] })]));
    expect(run.ids.slice(1)).toEqual([
      'impl#1/run-agent',
      'impl#1/checkpoint',
      'impl#1/ask',
      'impl#1/checkpoint.answered',
      'impl#1/gate:test',
      'impl#1/advance',
    ]);
    expect(run.effects.find(({ type }) => type === 'ask')).toMatchObject({ question: 'before_gate', tree: 'tree' });
  });

  test('after the gates, and where there are none', () => {
    const run = play(plan([code('impl', { pause: 'after_gate', gates: ['test'] })]));
    expect(run.ids.slice(3)).toEqual([
      'impl#1/gate:test',
      'impl#1/checkpoint.asked',
      'impl#1/ask',
      'impl#1/checkpoint.answered',
      'impl#1/advance',
    ]);
    expect(play(plan([code('impl', { pause: 'before_gate' })])).ids).toContain('impl#1/ask');
  });

  const pause = 'after_gate' as const;
  const red = { gates: ['test'], attempts: 2 };
  test.each([
    ['gates alone', { ...checks('x', 'test'), pause }],
    ['a group', group('x', [code('a')], { pause, ...red })],
    ['steps side by side', group('x', [code('a'), code('b')], { pause, ...red, parallel: {} })],
    ['a call', { ...call('x', [code('a')], red), pause }],
    ['a split, about its plan', split('x', [code('a')], { pause, ...red })],
  ])('about every kind of step: %s', (what, step) => {
    const run = play(plan([step]));
    expect(run.ids.filter((id) => id.endsWith('/ask'))).toEqual(['x#1/ask']);
    expect(run.ids.indexOf('x#1/ask')).toBeGreaterThan(run.ids.indexOf('x#1/gate:test'));
    expect(run.state.status).toBe('passed');
    // Done again, as a failed gate does it.
    if (step.retry.attempts === 1) return;
    const again = play(plan([step]), { 'x#1/gate:test': fails('RED') });
    expect(again.ids.filter((id) => id.endsWith('gate:test'))).toEqual(['x#1/gate:test', 'x#2/gate:test']);
    expect(again.state.status, what).toBe('passed');
  });

  test('the step waits, and nothing else does', () => {
    const both = group('both', [code('a', { pause: 'before_gate' }), code('b')], { parallel: {} });
    const run = play(plan([both]), {}, { until: 'both/a#1/ask' });
    expect(run.step('both/a').phase).toBe('asking');
    expect(run.state.status).toBe('running');
  });

  test('after failed gates only while another attempt is left', () => {
    const step = (attempts: number) => code('impl', { pause: 'after_gate', gates: ['test'], attempts });
    const red = { 'impl#1/gate:test': fails('RED'), 'impl#2/gate:test': fails('RED') };
    expect(play(plan([step(1)]), red).ids).not.toContain('impl#1/ask');
    const run = play(plan([step(2)]), red);
    expect(run.ids.filter((id) => id.endsWith('ask'))).toEqual(['impl#1/ask']);
  });

  test.each([
    ['a group', group('impl', [code('a')], { pause: 'before_gate' })],
    ['a step of checks', { ...checks('impl', 'test'), pause: 'before_gate' as const }],
    ['a split', split('impl', [code('a')], { pause: 'before_gate' })],
    ['a step of nobody', code('impl', { agent: 'pass', pause: 'before_gate' })],
  ])('about %s, too', (_, step) => {
    const run = play(plan([step]));
    expect(run.ids).toContain('impl#1/ask');
    expect(run.effects.find(({ type }) => type === 'ask')).toMatchObject({ tree: 'tree' });
    expect(run.state.status).toBe('passed');
  });
});

describe('the time in which only people are waited for', () => {
  const limits = { wallMs: 60_000 };
  const night = 12 * 3_600_000;

  test('is no time of the run', () => {
    const run = play(plan([code('a', { pause: 'after_gate' }), code('b')], { limits }), {
      'a#1/ask': took(night, answer('continue')),
    });
    expect(run.state.status).toBe('passed');
    const [before, after] = ['a', 'b'].map((step) => run.agent(`${step}#1/run-agent`).limits.wallMs?.value ?? 0);
    expect(before).toBe(59_000);
    // The worktree, a turn, two checkpoints and a commit took a second each.
    expect(after).toBe(55_000);
  });

  test('is no time of the workflow that is called', () => {
    const inner = call('c', [code('a', { pause: 'before_gate' }), code('b')], { limits });
    const run = play(plan([inner]), { 'c/a#1/ask': took(night, answer('continue')) });
    expect(run.state.status).toBe('passed');
  });

  test('counts while a lane beside it works', () => {
    const both = group('both', [code('a', { pause: 'before_gate' }), code('b')], { parallel: {} });
    const run = play(plan([both, code('c')], { limits }), {}, { until: 'both/a#1/ask' });
    run.at += 61_000;
    settleAll(run, 'both/b#1/advance', 'both/a#1/ask');
    expect(finish(run).state.failure?.message).toBe('max_timeout of the run is over: 60 s');
  });
});

describe('go on', () => {
  test('takes what they changed in the meantime: it is judged and on the branch', () => {
    const run = play(plan([code('impl', { pause: 'before_gate', gates: ['test'] })]), {
      'impl#1/checkpoint.answered': checkpointOf(['by-hand.ts'], 'edited', 'other'),
    });
    expect(run.effects.at(-1)).toMatchObject({ id: 'impl#1/advance', checkpoint: 'edited' });
  });

  test('after gates that judged other files runs them again', () => {
    const edited = { 'impl#1/checkpoint.answered': checkpointOf(['by-hand.ts'], 'edited', 'other') };
    const step = code('impl', { pause: 'after_gate', gates: ['test'], attempts: 2 });
    const run = play(plan([step]), { ...edited, 'impl#1/gate:test': fails('RED') });
    expect(run.ids.slice(3)).toEqual([
      'impl#1/gate:test',
      'impl#1/checkpoint.asked',
      'impl#1/ask',
      'impl#1/checkpoint.answered',
      'impl#1/gate:test.answered',
      'impl#1/advance',
    ]);
    expect(run.state.status).toBe('passed');
  });

  test('after failed gates without a change is another attempt', () => {
    const run = play(plan([code('impl', { pause: 'after_gate', gates: ['test'], attempts: 2 })]), {
      'impl#1/gate:test': fails('RED'),
    });
    expect(run.ids).toContain('impl#2/run-agent');
    expect(run.state.status).toBe('passed');
  });

  test('on a step that may not write lets them write', () => {
    const run = play(plan([validate('look', { pause: 'before_gate' })]), {
      'look#1/checkpoint': files(),
      'look#1/checkpoint.answered': checkpointOf(['note.md'], 'edited', 'other'),
    });
    expect(run.ids.slice(-1)).toEqual(['look#1/advance']);
    expect(run.state.status).toBe('passed');
  });

  test('on a group takes what they changed', () => {
    const run = play(plan([group('impl', [code('a')], { pause: 'before_gate' })]), {
      'impl#1/checkpoint.answered': checkpointOf(['by-hand.ts'], 'edited', 'other'),
    });
    expect(run.effects.at(-1)).toMatchObject({
      id: 'impl#1/advance',
      from: 'commit of impl/a',
      checkpoint: 'edited',
    });
  });
});

describe('do it again', () => {
  test('is told why, goes on in its conversation, and is granted also when no attempt is left', () => {
    const run = play(plan([code('impl', { pause: 'before_gate' })]), { 'impl#1/ask': answer('retry', 'Use tabs.') });
    expect(run.prompt('impl#2/run-agent')).toContain('asked to be done again: Use tabs.');
    expect(run.prompt('impl#2/run-agent')).toContain('This is attempt 2 of 2.');
    expect(run.start('impl#2/run-agent')).toBe('session of impl#1');
    expect(run.ids).toContain('impl#2/ask');
    expect(run.state.status).toBe('passed');
  });

  test('grants one, not more', () => {
    const run = play(plan([code('impl', { pause: 'before_gate', gates: ['test'] })]), {
      'impl#1/ask': answer('retry'),
      'impl#2/gate:test': fails('RED'),
    });
    expect(run.ids.join()).not.toContain('impl#3');
    expect(run.state.status).toBe('failed');
  });

  test('is never taken for no progress', () => {
    const step = code('impl', { pause: 'before_gate', attempts: 9 });
    const run = play(plan([step], { settings: { noProgress: 'stop' } }), {
      'impl#1/ask': answer('retry', 'Again.'),
      'impl#2/ask': answer('retry', 'Again.'),
      'impl#3/ask': answer('retry', 'Again.'),
    });
    expect(run.ids).toContain('impl#4/run-agent');
  });

  test('runs the steps of a group again and tells each', () => {
    const run = play(plan([group('impl', [code('a')], { pause: 'before_gate' })]), {
      'impl#1/ask': answer('retry', 'Use tabs.'),
    });
    expect(run.prompt('impl/a@1#1/run-agent')).toContain('Use tabs.');
  });
});

describe('stop', () => {
  const both = group('both', [code('a', { pause: 'before_gate' }), code('b')], { parallel: {} });
  const run = play(plan([both]), { 'both/a#1/ask': answer('abort', 'Not like this.') });

  test('stops the run, which lets go what is outstanding', () => {
    expect(run.state.status).toBe('aborted');
    expect(run.ofType('abort-requested')).toMatchObject([{ reason: 'Not like this.' }]);
  });

  test('can be resumed: the step begins again with what it had', () => {
    run.tell({ type: 'resume' });
    finish(run);
    expect(run.state.status).toBe('passed');
    expect(run.ids.filter((id) => id.includes('both/a@') && id.endsWith('run-agent'))).toHaveLength(1);
    expect(run.ids.filter((id) => id.startsWith('both/a') && id.endsWith('ask'))).toHaveLength(2);
  });
});

describe('a run whose process is told to end while it only waits for a person', () => {
  const signal = { type: 'interrupt', reason: 'interrupted by SIGINT' } as const;
  const step = code('impl', { pause: 'after_gate', gates: ['test'] });
  const asking = () => {
    const run = play(plan([step, code('after')]), {}, { until: 'impl#1/ask' });
    run.tell(signal);
    return run;
  };

  test('resumed it asks the same again, and no turn, gate or worktree is begun', () => {
    const run = asking();
    const before = run.ids.length;
    expect(run.tell({ type: 'resume' }).map(({ type }) => type)).toEqual(['run-resumed']);
    expect(run.state).toMatchObject({ status: 'running', steps: { impl: { phase: 'asking', attempt: 1 } } });
    finish(run);
    expect(run.state.status).toBe('passed');
    expect(run.ids.slice(before, before + 3)).toEqual([
      'impl#1/checkpoint.answered',
      'impl#1/advance',
      'after#1/run-agent',
    ]);
  });

  test('as often as it is told', () => {
    const run = asking();
    for (let count = 0; count < 3; count++) {
      run.tell({ type: 'resume' });
      run.tell(signal);
    }
    run.tell({ type: 'resume' });
    finish(run, { 'impl#1/ask': answer('retry', 'Of brass.') });
    expect(run.ids.filter((id) => id.endsWith('run-agent'))).toEqual([
      'impl#1/run-agent',
      'impl#2/run-agent',
      'after#1/run-agent',
    ]);
  });
});

describe('an approval names the tree that was seen', () => {
  const step = code('impl', { pause: 'after_gate', gates: ['test'] });
  const edited = checkpointOf(['by-hand.ts'], 'edited', 'other');
  const approved = answer('continue', undefined, 'tree');

  test('and takes it', () => {
    const run = play(plan([step]), { 'impl#1/ask': approved });
    expect(run.ids.slice(-2)).toEqual(['impl#1/checkpoint.answered', 'impl#1/advance']);
    expect(run.effects.at(-1)).toMatchObject({ checkpoint: 'impl#1/checkpoint!' });
  });

  test('files that changed behind it make it void: they are judged, and asked about, anew', () => {
    const run = play(plan([step]), { 'impl#1/ask': approved, 'impl#1/checkpoint.answered': edited });
    expect(run.ids.slice(3)).toEqual([
      'impl#1/gate:test',
      'impl#1/checkpoint.asked',
      'impl#1/ask',
      'impl#1/checkpoint.answered',
      'impl#1/gate:test.again2',
      'impl#1/checkpoint.asked2',
      'impl#1/ask.again2',
      'impl#1/checkpoint.answered2',
      'impl#1/advance',
    ]);
    expect(run.effects.find(({ id }) => id === 'impl#1/ask.again2')).toMatchObject({ tree: 'other' });
    expect(run.effects.at(-1)).toMatchObject({ checkpoint: 'edited' });
    expect(run.warnings).toEqual(['impl: answer-void']);
    expect(run.ofType('answer-voided')).toMatchObject([{ step: 'impl', tree: 'other' }]);
  });

  test('also before the gates, and as often as they change', () => {
    const run = play(plan([code('impl', { pause: 'before_gate', gates: ['test'] })]), {
      'impl#1/ask': approved,
      'impl#1/checkpoint.answered': edited,
      'impl#1/ask.again2': answer('continue', undefined, 'other'),
      'impl#1/checkpoint.answered2': checkpointOf(['by-hand.ts'], 'again', 'third'),
    });
    expect(run.ids.slice(3)).toEqual([
      'impl#1/ask',
      'impl#1/checkpoint.answered',
      'impl#1/ask.again2',
      'impl#1/checkpoint.answered2',
      'impl#1/ask.again3',
      'impl#1/checkpoint.answered3',
      'impl#1/gate:test.again3',
      'impl#1/advance',
    ]);
  });

  test('one about other files is refused by name, and the question stands', () => {
    const run = play(plan([step]), {}, { until: 'impl#1/ask' });
    expect(() => run.tell({ type: 'settle', effect: 'impl#1/ask', outcome: answer('continue', '', 'old') })).toThrow(
      'answer-void',
    );
    expect(Object.keys(run.state.open)).toEqual(['impl#1/ask']);
    expect(finish(run).state.status).toBe('passed');
  });

  test('what gates left in the worktree is no change of the files', () => {
    const soiled = checkpointOf(['a.ts', 'coverage/'], 'soiled', 'with leftovers');
    const run = play(plan([step]), {
      'impl#1/ask': approved,
      'impl#1/checkpoint.asked': soiled,
      'impl#1/checkpoint.answered': soiled,
    });
    expect(run.warnings).toEqual([]);
    expect(run.effects.at(-1)).toMatchObject({ id: 'impl#1/advance', checkpoint: 'impl#1/checkpoint!' });
  });

  test('another attempt begins without it', () => {
    const run = play(plan([code('impl', { pause: 'before_gate', attempts: 2 })]), {
      'impl#1/ask': approved,
      'impl#1/checkpoint.answered': edited,
      'impl#1/ask.again2': answer('retry', 'No.'),
    });
    expect(run.ids.slice(-4)).toEqual([
      'impl#2/checkpoint',
      'impl#2/ask',
      'impl#2/checkpoint.answered',
      'impl#2/advance',
    ]);
  });
});

describe('a pause that somebody asks for', () => {
  const paused = (steps: Parameters<typeof plan>[0], until: string) => {
    const run = play(plan(steps), {}, { until });
    run.tell({ type: 'pause', wanted: true, by: 'ada' });
    return run;
  };
  const asked = (run: { readonly ids: readonly string[] }) => run.ids.filter((id) => /\/ask/.test(id));

  test('comes after the gates of the step at work, once', () => {
    const run = finish(paused([code('impl', { gates: ['test'] }), code('next')], 'impl#1/run-agent'));
    expect(asked(run)).toEqual(['impl#1/ask']);
    expect(run.effects.find(({ type }) => type === 'ask')).toMatchObject({ question: 'after_gate', tree: 'tree' });
    expect(run.ofType('pause-requested')).toMatchObject([{ wanted: true, by: 'ada' }]);
    expect(run.state).toMatchObject({ status: 'passed' });
    expect(run.state.pausing).toBeUndefined();
  });

  test('holds every lane until one is answered', () => {
    const both = group('both', [code('a'), code('b'), code('c')], { parallel: { max: 2 } });
    const run = paused([both], 'both/a#1/run-agent');
    finish(run, {}, ['both/a#1/run-agent', 'both/a#1/checkpoint', 'both/b#1/open-worktree'].slice(0, 2));
    expect(run.state.steps['both/a']?.phase).toBe('asking');
    finish(run);
    expect(run.state.status).toBe('passed');
    expect(asked(run)).toContain('both/a#1/ask');
    expect(asked(run)).not.toContain('both/c#1/ask');
  });

  test('asked for twice is asked for once, and can be taken back', () => {
    const run = paused([code('impl')], 'impl#1/run-agent');
    expect(run.tell({ type: 'pause', wanted: true })).toEqual([]);
    expect(run.tell({ type: 'pause', wanted: false })).toMatchObject([{ wanted: false }]);
    expect(run.tell({ type: 'pause', wanted: false })).toEqual([]);
    expect(asked(finish(run))).toEqual([]);
  });

  test.each([
    ['checks', checks('impl', 'test'), 'impl#1/gate:test'],
    ['a group', group('impl', [code('a')]), 'impl/a#1/advance'],
    ['a split', split('impl', [code('a')]), 'impl#1/run-agent'],
  ])('at %s', (_, step, until) => {
    const run = finish(paused([step], until));
    expect(asked(run)).toEqual(['impl#1/ask']);
    expect(run.state.status).toBe('passed');
  });

  test('of a run that has ended, or has not begun, is refused by name', () => {
    const run = play(plan([code('impl')]));
    expect(() => run.tell({ type: 'pause', wanted: true })).toThrow('already-ended');
    expect(() => new Played().tell({ type: 'pause', wanted: true })).toThrow('not-started');
  });

  test('an abort forgets it', () => {
    const run = paused([code('impl')], 'impl#1/run-agent');
    run.tell({ type: 'abort', reason: 'enough' });
    finish(run);
    run.tell({ type: 'resume' });
    expect(asked(finish(run))).toEqual([]);
  });
});

test('who stopped a turn or a gate, and why, is the reason of the failure', () => {
  const run = play(plan([code('impl', { gates: ['test'], attempts: 3 })]), {
    'impl#1/gate:test': { kind: 'cancelled', reason: 'ada: too slow' },
  });
  expect(run.state).toMatchObject({ status: 'failed', failure: { message: 'it was stopped: ada: too slow' } });
});
