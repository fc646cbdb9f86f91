import type { SessionRef } from '@pawl/provider';
import type {
  AgentEnd,
  AgentReport,
  AgentStep,
  CallStep,
  Checkpoint,
  GateStep,
  GroupStep,
  Outcome,
  OutputCandidate,
  Plan,
  PlannedGate,
  PlannedSession,
  PlannedStep,
  Reference,
  RetryEntry,
  Settings,
  Template,
} from '../src/index.ts';

/** A prompt as people write it: `Fix {error} of {step:red.output}`. */
export const say = (text: string): Template => text.split('\n').map(line);

const line = (text: string): Template[number] =>
  text
    .split(/(\{[^{}]+\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{.+\}$/.test(part) ? reference(part.slice(1, -1)) : part));

function reference(name: string): Reference {
  const [head = '', ...rest] = name.split('.');
  const field = rest.join('.');
  if (name.startsWith('step:')) return { ref: 'step', address: head.slice('step:'.length), field };
  if (name.startsWith('input:')) return { ref: 'input', name: name.slice('input:'.length) };
  if (head === 'task') return { ref: 'task', field: field as 'name' };
  if (head === 'prev') return { ref: 'prev', field };
  if (head === 'gate') return { ref: 'gate', gate: rest[0] ?? '', field: (rest[1] ?? 'pass') as 'pass' };
  return { ref: head as 'spec' };
}

type AgentStepSpec = Partial<Omit<AgentStep, 'agent' | 'prompt' | 'gates' | 'retry' | 'guard' | 'session'>> & {
  readonly agent?: string;
  readonly prompt?: string;
  readonly gates?: readonly (string | PlannedGate)[];
  /** Attempts in all, and what changes in which. */
  readonly attempts?: number;
  readonly entries?: readonly EntrySpec[];
  readonly guard?: Partial<AgentStep['guard']>;
  /** `from` an address. */
  readonly from?: string;
};
type EntrySpec = Omit<RetryEntry, 'agent' | 'prompt'> & { readonly agent?: string; readonly prompt?: string };

export const code = (name: string, spec: AgentStepSpec = {}): AgentStep => agentStep('code', name, spec);
export const validate = (name: string, spec: AgentStepSpec = {}): AgentStep =>
  agentStep('validate', name, { ...spec, guard: { noWrite: true, ...spec.guard } });
export const split = (name: string, each: readonly PlannedStep[], spec: AgentStepSpec = {}): AgentStep =>
  agentStep('split', name, { ...spec, each });
export const checks = (name: string, ...gates: readonly (string | PlannedGate)[]): GateStep => ({
  kind: 'gate',
  name,
  address: name,
  gates: gates.map(gate),
  retry: { attempts: 1, entries: [] },
});

type InsideSpec = Partial<Pick<GroupStep, 'parallel' | 'loop' | 'when' | 'pause'>> & {
  readonly gates?: readonly (string | PlannedGate)[];
  readonly attempts?: number;
};
/** Steps one after the other, or with `parallel` side by side. */
export const group = (name: string, steps: readonly PlannedStep[], spec: InsideSpec = {}): GroupStep => {
  const { gates = [], attempts = 1, ...rest } = spec;
  return {
    kind: 'group',
    name,
    address: name,
    gates: gates.map(gate),
    retry: { attempts, entries: [] },
    steps,
    ...rest,
  };
};

type CallSpec = Partial<Pick<CallStep, 'limits' | 'when'>> & {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly gates?: readonly (string | PlannedGate)[];
  readonly attempts?: number;
};
export const call = (name: string, steps: readonly PlannedStep[], spec: CallSpec = {}): CallStep => {
  const { inputs = {}, outputs = {}, gates = [], attempts = 1, limits = {}, ...rest } = spec;
  const templates = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, say(text)]));
  return {
    kind: 'call',
    name,
    address: name,
    workflow: { name, source: `${name}.yaml` },
    gates: gates.map(gate),
    retry: { attempts, entries: [] },
    inputs: templates(inputs),
    outputs: templates(outputs),
    limits,
    steps,
    ...rest,
  };
};

/** A gate by its kind, or a command. */
export function gate(what: string | PlannedGate): PlannedGate {
  if (typeof what !== 'string') return what;
  if (what === 'compile' || what === 'test' || what === 'lint') return { name: what, kind: what };
  if (what === 'schema') return { name: what, kind: what, schema: 'tasks' };
  return { name: what, kind: 'bash', command: what };
}

function agentStep(kind: AgentStep['kind'], name: string, spec: AgentStepSpec): AgentStep {
  const {
    agent = 'haiku',
    prompt = `Do ${name}.`,
    gates = [],
    attempts = 1,
    entries = [],
    guard,
    from,
    ...rest
  } = spec;
  const session: PlannedSession = from === undefined ? { mode: 'new' } : { mode: 'from', address: from };
  return {
    kind,
    name,
    address: name,
    // `pass` is nobody.
    ...(agent !== 'pass' && { agent: say(agent) }),
    prompt: say(prompt),
    gates: gates.map(gate),
    context: [],
    session,
    guard: { noWrite: false, ...guard },
    access: kind === 'code' ? 'edit' : 'read-only',
    worktree: 'lane',
    retry: {
      attempts,
      entries: entries.map(({ agent: other, prompt: own, ...entry }) => ({
        ...entry,
        ...(other !== undefined && { agent: say(other) }),
        ...(own !== undefined && { prompt: say(own) }),
      })),
    },
    each: [],
    ...rest,
  };
}

type PlanSpec = Partial<Omit<Plan, 'steps' | 'settings' | 'spec'>> & {
  readonly settings?: Partial<Settings>;
  readonly spec?: string;
};

/** Addresses are written into the steps as a compiler would. */
export function plan(steps: readonly PlannedStep[], { settings, spec, ...rest }: PlanSpec = {}): Plan {
  return {
    planVersion: 1,
    workflow: { name: 'test', source: 'test.yaml' },
    spec: { text: spec ?? 'Build it.', source: 'spec.md' },
    base: { commit: 'base', branch: 'main', repository: '/repository' },
    limits: {},
    agents: Object.fromEntries(
      ['haiku', 'sonnet', 'opus'].map((name) => [name, { name, provider: 'script', options: {} }]),
    ),
    inputs: {},
    settings: {
      commands: {},
      gateTimeoutMs: 60_000,
      failureChars: { error: 2000, diff: 3000 },
      // Tests fail the same way on purpose.
      noProgress: 'ignore',
      ...settings,
    },
    steps: addressed(steps, ''),
    ...rest,
  };
}

const addressed = (steps: readonly PlannedStep[], above: string): PlannedStep[] =>
  steps.map((step) => place(step, above + step.name));

function place<T extends PlannedStep>(step: T, address: string): T {
  const inside = (steps: readonly PlannedStep[]) => addressed(steps, `${address}/`);
  const placed = {
    ...step,
    address,
    gates: step.gates.map((one) =>
      one.kind === 'validate' ? { ...one, call: place(one.call, `${address}/gate/${one.name}`) } : one,
    ),
    retry: {
      ...step.retry,
      entries: step.retry.entries.map((entry, index) =>
        entry.validate ? { ...entry, validate: place(entry.validate, `${address}/retry/${index}`) } : entry,
      ),
    },
  };
  if (step.kind === 'gate') return placed;
  if (step.kind === 'call') return { ...placed, steps: inside(step.steps) };
  const { parallel } = step;
  const resolvers = parallel?.onConflict?.map((own, index) =>
    place(own, step.kind === 'group' ? `${address}/${step.steps[index]?.name}/${own.name}` : `${address}/${own.name}`),
  );
  const aside = parallel && { parallel: { ...parallel, ...(resolvers && { onConflict: resolvers }) } };
  if (step.kind === 'group') return { ...placed, ...aside, steps: inside(step.steps) };
  return {
    ...placed,
    ...aside,
    each: inside(step.each),
    ...(step.get && { get: place(step.get, `${address}/get/${step.get.name}`) }),
  };
}

export const session = (id: string): SessionRef => ({ provider: 'script', id, cwd: '/worktree' });

type ReportSpec = Partial<Omit<AgentReport, 'session' | 'cost'>> & {
  readonly session?: string | undefined;
  /** Dollars, measured. */
  readonly usd?: number;
  readonly cost?: AgentReport['cost'];
  readonly json?: OutputCandidate extends infer C ? (C extends { json: infer J } ? J : never) : never;
  readonly text?: string;
};

/** The turn ended; as asked for unless said otherwise. */
export function turn({ json, text = 'Done.', usd = 0.25, session: id, end, ...rest }: ReportSpec = {}): Outcome {
  const outputs: OutputCandidate[] = json === undefined ? [] : [{ source: 'message', json }];
  return {
    kind: 'agent-ended',
    report: {
      end: end ?? { kind: 'completed', text, outputs },
      session: id === undefined ? undefined : session(id),
      usage: { inputTokens: 100, outputTokens: 10, turns: 3 },
      cost: { state: 'measured', usd },
      durationMs: 5000,
      unknownLines: 0,
      folder: 'agents/1',
      ...rest,
    },
  };
}
export const ended = (end: AgentEnd, spec: ReportSpec = {}): Outcome => turn({ ...spec, end });
export const crash = (code: 'crashed' | 'not-signed-in' | 'session-not-found' = 'crashed'): Outcome =>
  ended(
    { kind: 'failed', error: { code, message: 'it fell over', retryable: code === 'crashed' } },
    { session: undefined },
  );
export const limited = (
  limit: 'max_turns' | 'max_time' | 'context' | 'max_budget',
  by: 'step' | 'run' | 'agent' = 'step',
): Outcome => ended({ kind: 'limited', limit, by, message: `${limit} reached` }, { session: 's' });

export const files = (...paths: readonly string[]): Outcome => ({
  kind: 'checkpoint-made',
  checkpoint: checkpoint(paths),
});
export const checkpointOf = (paths: readonly string[], commit: string, tree = 'tree'): Outcome => ({
  kind: 'checkpoint-made',
  checkpoint: { ...checkpoint(paths, commit), tree },
});
export const checkpoint = (paths: readonly string[], commit = 'kept'): Checkpoint => ({
  commit,
  tree: 'tree',
  files: paths.map((path) => ({ path, change: 'modified', insertions: 1, deletions: 0 })),
  insertions: paths.length,
  deletions: 0,
  diff: paths.map((path) => `+++ ${path}\n`).join(''),
});

export const passes: Outcome = { kind: 'gate-ended', report: { pass: true, durationMs: 100 } };
export const fails = (failure: string, command?: string): Outcome => ({
  kind: 'gate-ended',
  report: { pass: false, failure, exitCode: 1, durationMs: 100, ...(command !== undefined && { command }) },
});
export const broken: Outcome = { kind: 'failed', error: { code: 'disk-full', message: 'no space is left' } };
export const interrupted = (id?: string): Outcome => ({
  kind: 'interrupted',
  ...(id !== undefined && { session: session(id) }),
});
/** A turn that was stopped because its process was told to end: what it cost is known. */
export function stopped(id = 's', usd = 0.1) {
  const outcome = turn({ end: { kind: 'cancelled' }, session: id, usd });
  if (outcome.kind !== 'agent-ended') throw new Error('no turn');
  return { kind: 'interrupted', report: outcome.report } as const;
}
export const conflict = (...paths: readonly string[]): Outcome => ({ kind: 'conflicted', files: paths });
export const answer = (choice: 'continue' | 'retry' | 'abort', comment?: string, tree?: string): Outcome => ({
  kind: 'answered',
  answer: { choice, ...(comment !== undefined && { comment }), ...(tree !== undefined && { tree }) },
});
export const tasks = (...names: readonly string[]) => ({
  tasks: names.map((name) => ({ name, description: `Do ${name}.` })),
});
