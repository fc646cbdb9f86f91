import { type PlannedStep, replayOf } from '../src/index.ts';
import {
  answer,
  broken,
  call,
  checkpointOf,
  checks,
  code,
  conflict,
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
import { type Answers, finish, type Options, Played, play } from './play.ts';

const tdd: readonly PlannedStep[] = [
  split('decompose', [
    code('red', { gates: ['compile', { name: 'touched', kind: 'touched', glob: 'test/**' }] }),
    code('green', { gates: ['compile', 'test'], from: 'decompose/red', attempts: 3 }),
  ]),
  validate('review', { agent: 'opus', prompt: 'Review {step:decompose.output} against {spec}.' }),
];
const planned = turn({ json: tasks('auth', 'login'), session: 'planner', usd: 0.1 });
const reviewed = { 'decompose#1/checkpoint': files(), 'review#1/checkpoint': files() };

const inLanes = group(
  'both',
  ['a', 'b', 'c'].map((name) => code(name, { gates: ['test'] })),
  { parallel: { max: 2 } },
);
const queued = { settings: { providerLimits: { script: 1 } } };
const review = call('review', [validate('look')], { inputs: { diff: '{diff}' } });

const game = (
  steps: readonly PlannedStep[],
  answers: Answers = {},
  options: Options = {},
  over: Parameters<typeof plan>[1] = {},
) => play(plan(steps, over), answers, options);

/** Runs that between them hold every kind of event, effect and outcome. */
export const historyCases: Readonly<Record<string, () => Played>> = {
  'tasks-and-sessions': () => game(tdd, { ...reviewed, 'decompose#1/run-agent': planned }),
  escalation: () =>
    game(
      [
        code('impl', {
          gates: ['test'],
          attempts: 4,
          entries: [
            { attempt: 3, agent: 'opus', worktree: 'reset' },
            { attempt: 4, session: { mode: 'new' }, prompt: 'Once more: {error}' },
          ],
        }),
      ],
      {
        'impl#1/gate:test': fails('expected 1, got 2', 'npm test'),
        'impl#2/gate:test': fails('expected 1, got 3', 'npm test'),
        'impl#3/run-agent': limited('max_turns'),
      },
    ),
  'no-write': () =>
    game([checks('check', 'test'), validate('review', { attempts: 2 })], {
      'review#1/run-agent': turn({ json: { pass: false, comments: 'Not yet.' } }),
      'review#1/checkpoint': files(),
    }),
  interrupted: () =>
    game([code('impl')], { 'impl#1/run-agent': interrupted('s1'), 'impl#1/run-agent.1': interrupted() }),
  'provider-awaited': () => {
    const error = { code: 'rate-limited', message: 'slow down', retryable: true, retryAfterMs: 20_000 } as const;
    const limited = turn({ end: { kind: 'failed', error }, session: 's' });
    return game([code('impl')], { 'impl#1/run-agent': limited }, {}, { settings: { maxWaitMs: 60_000 } });
  },
  'conflict-resolved': () =>
    game(
      [
        {
          ...inLanes,
          parallel: { onConflict: ['a', 'b', 'c'].map(() => code('on_conflict', { agent: 'opus', attempts: 2 })) },
        },
      ],
      { 'both#1/merge:1': conflict('a.ts'), 'both/b/on_conflict#1/gate:conflict_marks': fails('a.ts:3') },
    ),
  aborted: () =>
    game(
      [code('impl', { gates: ['test'] })],
      { 'impl#1/run-agent': { kind: 'cancelled' } },
      { abortAt: 'impl#1/run-agent' },
    ),
  'out-of-budget': () =>
    game(
      [code('a'), code('b'), code('c')],
      {
        'a#1/run-agent': turn({ cost: { state: 'unknown' }, usage: {} }),
        'b#1/run-agent': turn({ cost: { state: 'estimated', usd: 1.5 } }),
      },
      {},
      { limits: { costUsd: 1, tokens: 10_000 } },
    ),
  'task-failed': () =>
    game([split('build', [code('impl', { gates: ['compile', 'test'] })])], {
      'build#1/run-agent': planned,
      'build/login/impl#1/gate:compile': fails('no such type'),
      'build/login/impl#1/gate:test': fails('red'),
    }),
  'effect-failed': () => game([code('impl')], { 'impl#1/advance': broken }),
  'no-tasks': () =>
    game([split('build', [code('impl')])], { 'build#1/run-agent': turn({ json: [] }), 'build#1/checkpoint': files() }),
  'bad-output': () => game([split('build', [])], { 'build#1/run-agent': turn({ text: 'no plan' }) }),
  'lanes-and-merges': () => game([inLanes], { 'both/b#1/gate:test': fails('RED', 'npm test') }, {}, queued),
  'merge-conflict-resumed': () => {
    const run = game([inLanes], { 'both#1/merge:1': conflict('src/a.ts') });
    run.tell({ type: 'resume' });
    return finish(run);
  },
  'tasks-in-lanes': () =>
    game([split('build', [code('impl')], { parallel: { max: 1 } })], { 'build#1/run-agent': planned }),
  'groups-and-loops': () =>
    game(
      [
        group('setup', [code('a'), code('b')], { gates: ['lint'], attempts: 2 }),
        group('fix', [code('impl')], { gates: ['test'], loop: { until: { is: 'gate', gate: 'test' }, max: 3 } }),
        code('deploy', { when: { is: '==', left: { ref: 'input', name: 'deploy' }, right: 'yes' } }),
      ],
      { 'setup#1/gate:lint': fails('no'), 'fix#1/gate:test': fails('no') },
    ),
  'validators-and-calls': () =>
    game(
      [
        code('impl', {
          gates: ['test', { name: 'review', kind: 'validate', call: review }],
          get: call('research', [code('read', { kind: 'artifact' })], {
            outputs: { output: '{step:impl/get/research/read.output}' },
          }),
          attempts: 3,
          entries: [{ attempt: 2, validate: review, agent: 'opus' }],
        }),
        call('deploy', [code('push', { prompt: '{input:what}' })], {
          inputs: { what: '{step:impl.output}' },
          outputs: { output: '{step:deploy/push.output}' },
          limits: { costUsd: 2 },
        }),
      ],
      {
        'impl/gate/review/look#1/run-agent': turn({ json: { pass: false, comments: 'Not yet.' } }),
        ...Object.fromEntries(
          ['impl/gate/review/look#1', 'impl/gate/review/look@1#1', 'impl/retry/0/look#1'].map((id) => [
            `${id}/checkpoint`,
            files(),
          ]),
        ),
      },
    ),
  'judged-aside': () =>
    game(
      [
        code('impl', {
          gates: [
            'test',
            ...['arch', 'security'].map((name) => ({ name, kind: 'validate' as const, call: { ...review, name } })),
          ],
          attempts: 2,
        }),
      ],
      {
        'impl/gate/arch/look#1/run-agent': turn({ json: { pass: false, comments: 'Not yet.' } }),
        ...Object.fromEntries(
          ['arch/look', 'security/look', 'arch/look@1', 'security/look@2'].map((step) => [
            `impl/gate/${step}#1/checkpoint`,
            files(),
          ]),
        ),
      },
    ),
  asked: () =>
    game([code('impl', { pause: 'before_gate', gates: ['test'] }), code('next', { pause: 'after_gate' })], {
      'impl#1/ask': answer('retry', 'Use tabs.'),
      'next#1/ask': answer('abort', 'Enough.'),
    }),
  'paused-and-voided': () => {
    const run = game([code('impl', { gates: ['test'] }), code('next')], {}, { until: 'impl#1/gate:test' });
    run.tell({ type: 'pause', wanted: true, by: 'ada' });
    return finish(run, {
      'impl#1/ask': answer('continue', undefined, 'tree'),
      'impl#1/checkpoint.answered': checkpointOf(['by-hand.ts'], 'edited', 'other'),
    });
  },
  'no-progress': () =>
    game(
      [code('impl', { gates: ['test'], attempts: 4 })],
      { 'impl#1/gate:test': fails('same'), 'impl#2/gate:test': fails('same') },
      {},
      { settings: { noProgress: 'stop' } },
    ),
  'failed-and-resumed': () => {
    const run = game([group('all', [code('a'), code('b', { gates: ['test'] })])], { 'all/b#1/gate:test': fails('x') });
    run.at += 3_600_000;
    run.tell({ type: 'resume' });
    return finish(run);
  },
  'lost-and-continued': () => {
    const run = game([code('impl')], {}, { until: 'impl#1/run-agent' });
    const since = run.at;
    run.at += 3_600_000;
    run.tell({ type: 'continue', since });
    return finish(run, { 'impl#1/run-agent': interrupted('s1') });
  },
  replayed: () => {
    const old = game([split('build', [code('impl')], { parallel: {} })], { 'build#1/run-agent': planned });
    const replay = replayOf(old.events, 'build/login/impl');
    if (!replay.ok) throw new Error(replay.message);
    const run = new Played();
    run.tell({ type: 'start', run: 'r2', plan: replay.plan, from: replay.from });
    return finish(run);
  },
  unfinished: () =>
    game(tdd, { ...reviewed, 'decompose#1/run-agent': planned }, { until: 'decompose/login/green#1/run-agent' }),
};
