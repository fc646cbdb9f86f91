import type {
  AgentStep,
  CallStep,
  GateStep,
  GroupStep,
  Plan,
  PlannedGate,
  PlannedStep,
  RetryEntry,
  Settings,
  Template,
} from '@pawl/core';

type StepSpec = Partial<Omit<AgentStep, 'agent' | 'prompt' | 'gates' | 'guard' | 'retry'>> & {
  readonly agent?: string;
  readonly prompt?: Template;
  readonly gates?: readonly (string | PlannedGate)[];
  readonly guard?: Partial<AgentStep['guard']>;
  readonly attempts?: number;
  /** The agent from an attempt on. */
  readonly escalate?: Readonly<Record<number, string>>;
};

function step(kind: AgentStep['kind'], name: string, spec: StepSpec): AgentStep {
  const { agent = 'small', prompt = [[`Do ${name}.`]], gates = [], guard, attempts = 1, escalate = {}, ...rest } = spec;
  const entries = Object.entries(escalate).map(
    ([attempt, other]): RetryEntry => ({ attempt: Number(attempt), agent: [[other]] }),
  );
  return {
    kind,
    name,
    address: name,
    agent: [[agent]],
    prompt,
    gates: gates.map(gate),
    context: [],
    session: { mode: 'new' },
    guard: { noWrite: kind !== 'code', ...guard },
    access: kind === 'code' ? 'edit' : 'read-only',
    worktree: 'lane',
    retry: { attempts, entries },
    each: [],
    ...rest,
  };
}

/** A gate by its kind, or a command. */
export function gate(what: string | PlannedGate): PlannedGate {
  if (typeof what !== 'string') return what;
  if (what === 'compile' || what === 'test' || what === 'lint' || what === 'tests_found')
    return { name: what, kind: what };
  return { name: what, kind: 'bash', command: what };
}

export const code = (name: string, spec: StepSpec = {}): AgentStep => step('code', name, spec);
export const validate = (name: string, spec: StepSpec = {}): AgentStep => step('validate', name, spec);
export const split = (name: string, each: readonly PlannedStep[], spec: StepSpec = {}): AgentStep =>
  step('split', name, { each, ...spec });
export const artifact = (name: string, spec: StepSpec = {}): AgentStep => step('artifact', name, spec);
const once = { attempts: 1, entries: [] };
export const checks = (name: string, ...gates: readonly (string | PlannedGate)[]): GateStep => ({
  kind: 'gate',
  name,
  address: name,
  gates: gates.map(gate),
  retry: once,
});

type GroupSpec = Partial<Omit<GroupStep, 'gates'>> & { readonly gates?: readonly (string | PlannedGate)[] };
export const group = (
  name: string,
  steps: readonly PlannedStep[],
  { gates = [], ...rest }: GroupSpec = {},
): GroupStep => ({ kind: 'group', name, address: name, gates: gates.map(gate), retry: once, steps, ...rest });
export const parallel = (name: string, steps: readonly PlannedStep[], spec: GroupSpec = {}): GroupStep =>
  group(name, steps, { parallel: {}, ...spec });
export const call = (name: string, steps: readonly PlannedStep[], spec: Partial<CallStep> = {}): CallStep => ({
  kind: 'call',
  name,
  address: name,
  workflow: { name, source: `${name}.yaml` },
  gates: [],
  retry: once,
  inputs: {},
  limits: {},
  steps,
  outputs: {},
  ...spec,
});
/** A workflow of one reviewer as a gate. */
export const judgedBy = (name: string, steps: readonly PlannedStep[], spec: Partial<CallStep> = {}): PlannedGate => ({
  name,
  kind: 'validate',
  call: call(name, steps, spec),
});

type PlanSpec = Partial<Omit<Plan, 'steps' | 'settings' | 'base'>> & { readonly settings?: Partial<Settings> };

export function planOf(base: string, steps: readonly PlannedStep[], { settings, ...rest }: PlanSpec = {}): Plan {
  return {
    planVersion: 1,
    workflow: { name: 'test', source: 'test.yaml' },
    spec: { text: 'Build it.', source: 'spec.md' },
    base: { commit: base, branch: 'main', repository: '/repository' },
    limits: {},
    agents: Object.fromEntries(
      ['small', 'big'].map((name) => [name, { name, provider: 'script', model: `model-${name}`, options: { name } }]),
    ),
    inputs: {},
    settings: { commands: {}, gateTimeoutMs: 60_000, failureChars: { error: 2000, diff: 3000 }, ...settings },
    steps: addressed(steps, ''),
    ...rest,
  };
}

const addressed = (steps: readonly PlannedStep[], above: string): PlannedStep[] =>
  steps.map((one) => {
    const address = above + one.name;
    const gates = one.gates.map((each) =>
      each.kind === 'validate' ? { ...each, call: below(each.call, `${address}/gate/${each.name}`) } : each,
    );
    const there = { address, gates };
    if (one.kind === 'gate') return { ...one, ...there };
    if (one.kind === 'group' || one.kind === 'call')
      return { ...one, ...there, steps: addressed(one.steps, `${address}/`) };
    const get = one.get && { get: below(one.get, `${address}/get/${one.get.name}`) };
    return { ...one, ...there, ...get, each: addressed(one.each, `${address}/`) };
  });

const below = (one: CallStep, address: string): CallStep => ({
  ...one,
  address,
  steps: addressed(one.steps, `${address}/`),
});
