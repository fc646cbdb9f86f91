import fc from 'fast-check';
import type {
  AgentStep,
  CallStep,
  Condition,
  Effect,
  Expected,
  Outcome,
  Plan,
  PlannedGate,
  PlannedStep,
  RetryEntry,
} from '../src/index.ts';
import { answer, call, checkpointOf, checks, code, conflict, group, plan, say, session, stopped } from './given.ts';

/** Also such as every object has. */
const names = ['red', 'green', 'constructor', '__proto__', 'toString'];
const agentNames = ['haiku', 'sonnet', '{prev.agent}', 'nobody'];
const prompts = [
  'Do it.',
  '{spec} {error}\n{diff}',
  '{prev.output} {task.name} {gate.test.error} {step:red.check_result}',
];

const gates = fc.subarray<PlannedGate>([
  { name: 'test', kind: 'test' },
  { name: 'untouched', kind: 'untouched', glob: '*.lock' },
  { name: 'constructor', kind: 'bash', command: 'true' },
  { name: 'schema', kind: 'schema', schema: 'tasks' },
]);
const text = (values: readonly string[]) => fc.constantFrom(...values).map(say);
const sessionFrom = (addresses: readonly string[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant({ mode: 'new' } as const) },
    fc.constantFrom(...addresses).map((address) => ({ mode: 'from', address }) as const),
  );
const entry = (addresses: readonly string[]): fc.Arbitrary<RetryEntry> =>
  fc.record(
    {
      attempt: fc.integer({ min: 1, max: 4 }),
      agent: text(agentNames.slice(0, 3)),
      session: sessionFrom(addresses),
      worktree: fc.constant('reset' as const),
      prompt: text(prompts),
    },
    { requiredKeys: ['attempt'] },
  );

const conditions: fc.Arbitrary<Condition> = fc.constantFrom<Condition>(
  { is: 'true', value: true },
  { is: '==', left: { ref: 'attempt' }, right: 2 },
  { is: 'not', of: { is: 'gate', gate: 'test' } },
  {
    is: 'all',
    of: [
      { is: 'gate', gate: 'test' },
      { is: '!=', left: { ref: 'spec' }, right: '' },
    ],
  },
);
const resolver = fc
  .record({ agent: fc.constantFrom('haiku', 'sonnet'), attempts: fc.integer({ min: 1, max: 2 }), gates })
  .map((own) => code('on_conflict', own));
/** A split takes the first, a group one for each of its steps. */
const parallel = fc.option(
  fc.record(
    { max: fc.constantFrom(1, 2, 3), onConflict: fc.array(resolver, { minLength: 3, maxLength: 3 }) },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What is undefined is left out. */
const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

function judge(addresses: readonly string[]): fc.Arbitrary<CallStep> {
  return fc
    .constantFrom('review', 'constructor')
    .chain((name) =>
      step('look', addresses, 0, 'validate').map((look) => call(name, [look], { inputs: { diff: '{diff}' } })),
    );
}

function step(name: string, addresses: readonly string[], depth: number, only?: 'validate'): fc.Arbitrary<PlannedStep> {
  const inside = depth > 0 ? steps(depth - 1, addresses) : fc.constant([] as readonly PlannedStep[]);
  const judged: fc.Arbitrary<readonly CallStep[]> =
    depth > 0
      ? fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, fc.array(judge(addresses), { minLength: 1, maxLength: 2 }))
      : fc.constant([]);
  const common = fc
    .record({
      gates,
      judged,
      when: sometimes(conditions),
      pause: sometimes(fc.constantFrom('before_gate', 'after_gate') as fc.Arbitrary<'before_gate'>),
    })
    .map(({ gates: own, judged: by, when, pause }) =>
      compact<Pick<PlannedStep, 'gates' | 'when' | 'pause'>>({
        gates: [...own, ...by.map((each, index) => ({ name: `judge${index}`, kind: 'validate' as const, call: each }))],
        ...(when && { when }),
        ...(pause && { pause }),
      }),
    );
  const agentStep = (kind: AgentStep['kind'], each: fc.Arbitrary<readonly PlannedStep[]>): fc.Arbitrary<PlannedStep> =>
    fc
      .record({
        agent: fc.oneof(
          { weight: 30, arbitrary: text(agentNames.slice(0, 2)) },
          text(agentNames.slice(3)),
          fc.constant(undefined),
        ),
        prompt: text(prompts),
        session: sessionFrom(addresses),
        guard: fc.record(
          { turns: fc.constant(5), costUsd: fc.constant(0.5), noWrite: fc.constant(kind === 'validate') },
          { requiredKeys: ['noWrite'] },
        ),
        get: depth > 0 ? sometimes(judge(addresses)) : fc.constant(undefined),
        parallel: kind === 'split' ? parallel : fc.constant(undefined),
        retry: retry(addresses, depth),
        each,
      })
      .chain((own) => common.map((shared) => compact({ ...code(name), kind, ...own, ...shared }) as AgentStep));
  const validate = agentStep('validate', fc.constant([]));
  if (only) return validate;
  const gateStep = common.map((own): PlannedStep => ({ ...checks(name), ...own }));
  const groupStep = fc
    .record({
      steps: inside,
      parallel,
      loop: sometimes(fc.record({ until: conditions, max: fc.constantFrom(1, 2, 3) })),
      attempts: fc.integer({ min: 1, max: 3 }),
    })
    .chain(({ steps: own, attempts, parallel: aside, loop }) =>
      common.map(
        (shared): PlannedStep => ({
          ...group(name, own, { attempts, ...(aside && { parallel: compact(aside) }), ...(loop && { loop }) }),
          ...shared,
        }),
      ),
    );
  const callStep = fc
    .record({ steps: inside, limits: fc.constantFrom({}, { costUsd: 0.7 }), attempts: fc.integer({ min: 1, max: 2 }) })
    .chain(({ steps: own, ...rest }) =>
      common.map(
        (shared): PlannedStep => ({
          ...call(name, own, { inputs: { a: '{spec}' }, outputs: { b: '{step:red.output}' }, ...rest }),
          ...shared,
        }),
      ),
    );
  const leaves = [
    { weight: 5, arbitrary: agentStep('code', fc.constant([])) },
    { weight: 1, arbitrary: agentStep('artifact', fc.constant([])) },
    { weight: 1, arbitrary: validate },
    { weight: 1, arbitrary: gateStep },
  ];
  if (depth === 0) return fc.oneof(...leaves, { weight: 1, arbitrary: agentStep('split', inside) });
  return fc.oneof(
    ...leaves,
    { weight: 3, arbitrary: agentStep('split', inside) },
    { weight: 3, arbitrary: groupStep },
    { weight: 2, arbitrary: callStep },
  );
}

function retry(addresses: readonly string[], depth: number): fc.Arbitrary<AgentStep['retry']> {
  const conditional = entry(addresses).chain((own) =>
    fc.oneof(
      fc.constant(own),
      fc.constant({ ...own, not: 'test' }),
      ...(depth > 0 ? [judge(addresses).map((by) => ({ ...own, validate: by }))] : []),
    ),
  );
  return fc.record({
    attempts: fc.integer({ min: 1, max: 4 }),
    entries: fc.array(conditional, { maxLength: 3 }),
  });
}

function steps(depth: number, above: readonly string[]): fc.Arbitrary<readonly PlannedStep[]> {
  return fc
    .subarray(names, { minLength: 1, maxLength: 3 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => step(name, [...above, ...chosen], depth))));
}

export const plans: fc.Arbitrary<Plan> = fc
  .record({
    steps: steps(2, ['gone']),
    limits: fc.oneof(
      { weight: 2, arbitrary: fc.constant({}) },
      fc.record(
        {
          costUsd: fc.constantFrom(0, 1, 3, 20),
          tokens: fc.constantFrom(1000, 100_000),
          wallMs: fc.constantFrom(20_000, 1_000_000),
        },
        { requiredKeys: [] },
      ),
    ),
    settings: fc.record(
      {
        setup: fc.constant('npm ci'),
        maxParallel: fc.constantFrom(1, 2, 4),
        providerLimits: fc.constantFrom({ script: 1 }, { script: 2 }),
        onInterrupt: fc.constantFrom<'resume' | 'retry' | 'ask'>('resume', 'retry', 'ask'),
        maxWaitMs: fc.constantFrom(10_000, 60_000, 10_000_000),
        noProgress: fc.constantFrom<'stop' | 'escalate' | 'ignore'>('stop', 'escalate', 'ignore'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ steps, limits, settings }) => plan(steps, { limits, settings }));

/** What may come back for an effect: mostly good, sometimes bad. `dice` decides. */
export function outcomeOf(effect: Effect, dice: () => number): Outcome {
  const roll = dice() % 160;
  if (roll === 0) return { kind: 'failed', error: { code: 'disk-full', message: 'full' } };
  if (roll === 1) return { kind: 'cancelled' };
  if (roll === 2) return { kind: 'interrupted' };
  if (roll < 18 && effect.type === 'run-agent') return { kind: 'interrupted', session: session(`s${dice() % 5}`) };
  if (roll < 24 && effect.type === 'run-agent') return stopped();
  switch (effect.type) {
    case 'open-worktree':
      return { kind: 'worktree-opened', path: '/w', branch: 'b' };
    case 'merge':
      return dice() % 12 === 0 ? conflict('a.ts') : { kind: 'merged', commit: `m${dice()}` };
    case 'stage-conflict':
      return { kind: 'conflict-staged', commit: `k${dice()}`, files: ['a.ts'] };
    case 'close-worktree':
      return { kind: 'worktree-closed' };
    case 'ask':
      return answer(
        dice() % 20 === 0 ? 'abort' : dice() % 6 === 0 ? 'retry' : 'continue',
        undefined,
        dice() % 2 === 0 ? effect.tree : undefined,
      );
    case 'await-provider':
      return { kind: 'provider-awaited' };
    case 'run-agent':
      return turnOf(effect.expect, dice);
    case 'checkpoint':
      return checkpointOf(dice() % 3 === 0 ? ['a.ts'] : [], `c${dice()}`, dice() % 4 === 0 ? 'other' : 'tree');
    case 'reset':
      return { kind: 'worktree-reset' };
    case 'run-gate':
      return {
        kind: 'gate-ended',
        report: dice() % 10 === 0 ? { pass: false, failure: '{x}', durationMs: 1 } : { pass: true, durationMs: 1 },
      };
    case 'advance':
      return { kind: 'branch-advanced', commit: dice() % 5 === 0 ? undefined : `h${dice()}` };
  }
}

export const costOf = (dice: () => number): number => (dice() % 100) / 100;

function turnOf(expect: Expected, dice: () => number): Outcome {
  const many = Array.from({ length: dice() % 4 }, (_, index) => ({
    name: names[index] ?? 'x',
    description: 'x',
    files: index % 2 ? ['src'] : [],
  }));
  const json = {
    changes: {},
    tasks: { tasks: many },
    verdict: { pass: dice() % 10 !== 0, comments: 'c' },
    artifact: {},
  }[expect];
  const codes = [
    'crashed',
    'session-not-found',
    'context-too-long',
    'not-signed-in',
    'rate-limited',
    'quota-exhausted',
  ] as const;
  const ends = [
    { kind: 'refused', reason: 'no' },
    { kind: 'limited', limit: 'max_turns', by: 'step', message: 'm' },
    { kind: 'limited', limit: 'context', by: 'agent', message: 'm' },
    { kind: 'limited', limit: 'max_budget', by: 'run', message: 'm' },
    { kind: 'failed', error: { code: codes[dice() % 6] ?? 'crashed', message: 'm', retryable: true } },
    { kind: 'completed', text: 'no json', outputs: [] },
  ] as const;
  const roll = dice() % 30;
  return {
    kind: 'agent-ended',
    report: {
      end: ends[roll] ?? { kind: 'completed', text: 't', outputs: [{ source: 'schema', json }] },
      session: dice() % 3 === 0 ? undefined : session(`s${dice() % 5}`),
      usage: dice() % 5 === 0 ? {} : { inputTokens: dice() % 500, outputTokens: 1 },
      cost: dice() % 5 === 0 ? { state: 'unknown' } : { state: 'measured', usd: costOf(dice) },
      durationMs: 1,
      unknownLines: 0,
      folder: 'f',
    },
  };
}

/** Things that no shell should say; some of them have the kind of what is outstanding. */
export const nonsense: readonly unknown[] = [
  undefined,
  null,
  0,
  'x',
  [],
  {},
  { kind: '__proto__' },
  { kind: 'toString' },
  { kind: 'failed' },
  { kind: 'interrupted', session: 3 },
  { kind: 'interrupted', report: { end: {} } },
  { kind: 'agent-ended' },
  { kind: 'agent-ended', report: { end: { kind: 'completed' }, usage: {}, cost: {} } },
  { kind: 'checkpoint-made', checkpoint: {} },
  { kind: 'gate-ended', report: {} },
  { kind: 'worktree-opened' },
];
