import type {
  AgentReport,
  AgentStep,
  CallStep,
  Effect,
  Failure,
  FileChange,
  GateReport,
  GroupStep,
  Outcome,
  Plan,
  PlannedGate,
  PlannedStep,
  RunEvent,
  SessionUse,
} from '@pawl/core';

export const startOfRun = 1_700_000_000_000;

export function codeStep(name: string, change: Partial<AgentStep> = {}): AgentStep {
  return {
    kind: 'code',
    name,
    address: name,
    gates: [],
    agent: [['qwen']],
    prompt: [['do it']],
    context: [],
    session: { mode: 'new' },
    guard: { noWrite: false },
    access: 'edit',
    worktree: 'lane',
    retry: { attempts: 1, entries: [] },
    each: [],
    ...change,
  };
}

export function splitStep(name: string, each: readonly string[]): AgentStep {
  const steps = each.map((one) => codeStep(one, { address: `${name}/${one}` }));
  return codeStep(name, { kind: 'split', each: steps, access: 'read-only' });
}

export const validateStep = (name: string): AgentStep =>
  codeStep(name, { kind: 'validate', guard: { noWrite: false }, access: 'read-only' });

/** Addresses of what is inside are written as a compiler would. */
export function groupStep(name: string, steps: readonly PlannedStep[], change: Partial<GroupStep> = {}): GroupStep {
  const retry = { attempts: 1, entries: [] };
  const inside = steps.map((step) => ({ ...step, address: `${name}/${step.name}` }));
  return { kind: 'group', name, address: name, gates: [], retry, steps: inside, ...change };
}

export function callStep(name: string, steps: readonly PlannedStep[], address: string): CallStep {
  return {
    kind: 'call',
    name,
    address,
    workflow: { name, source: `${name}.yaml` },
    gates: [],
    retry: { attempts: 1, entries: [] },
    inputs: {},
    limits: {},
    outputs: {},
    steps: steps.map((step) => ({ ...step, address: `${address}/${step.name}` })),
  };
}

export function gateStep(name: string): PlannedStep {
  return {
    kind: 'gate',
    name,
    address: name,
    gates: [{ name: 'test', kind: 'test' }],
    retry: { attempts: 1, entries: [] },
  };
}

export function planOf(steps: readonly PlannedStep[], change: Partial<Plan> = {}): Plan {
  return {
    planVersion: 1,
    workflow: { name: 'tdd', source: 'built-in' },
    limits: {},
    agents: {},
    inputs: {},
    steps,
    spec: { text: 'Add two numbers.', source: 'spec.md' },
    base: { commit: '1111111111111111111111111111111111111111', branch: 'main', repository: '/repo' },
    settings: { commands: {}, gateTimeoutMs: 600_000, failureChars: { error: 4_000, diff: 4_000 } },
    ...change,
  };
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Fact = Without<RunEvent, 'at'>;
type Ask = Without<Effect, 'id' | 'step' | 'attempt' | 'lane'>;

/** Writes a log as a run would: each call takes the time it is given and says what happened. */
export function logOf(steps: readonly PlannedStep[], change: Partial<Plan> = {}) {
  const events: RunEvent[] = [];
  let now = startOfRun;
  const tell = (fact: Fact): void => {
    events.push({ at: now, ...fact } as RunEvent);
  };
  const idOf = (step: string, attempt: number, what: Ask): string =>
    `${step}#${attempt}/${what.type === 'run-gate' ? `gate:${what.gate.name}` : what.type}`;
  const ask = (step: string, attempt: number, what: Ask): string => {
    const id = idOf(step, attempt, what);
    tell({ type: 'effect-requested', effect: { ...what, id, step, attempt, lane: 'main' } as Effect });
    return id;
  };
  const perform = (step: string, attempt: number, what: Ask, ms: number, outcome: Outcome): void => {
    const id = ask(step, attempt, what);
    now += ms;
    tell({ type: 'effect-settled', effect: id, outcome });
  };
  const log = {
    events,
    tell,
    ask,
    perform,
    wait: (ms: number) => {
      now += ms;
    },
    openWorktree: (ms = 100) =>
      perform('', 1, { type: 'open-worktree', base: '1111' }, ms, {
        kind: 'worktree-opened',
        path: '/home/pawl/worktrees/repo/r1',
        branch: 'pawl/r1/main',
      }),
    step: (step: string, address = step, parent?: { step: string; task?: string }) =>
      tell({ type: 'step-started', step, address, lane: 'main', frame: '', generation: 0, ...(parent && { parent }) }),
    task: (step: string, task: string) =>
      tell({
        type: 'frame-started',
        frame: `${step}|${task}`,
        step,
        purpose: 'body',
        index: 0,
        task,
        lane: 'main',
        generation: 0,
      }),
    taskEnded: (step: string, task: string, end: 'passed' | 'failed') =>
      tell({ type: 'frame-ended', frame: `${step}|${task}`, step, end }),
    attempt: (step: string, attempt: number, agent?: string, session: SessionUse = { mode: 'new' }) =>
      tell({
        type: 'attempt-started',
        step,
        attempt,
        entries: [],
        ...(agent === undefined ? {} : { agent, session }),
      }),
    askAgent: (step: string, attempt: number, agent = 'qwen') => ask(step, attempt, runAgent(agent)),
    agent: (step: string, attempt: number, ms: number, report: Partial<AgentReport> = {}) =>
      perform(step, attempt, runAgent('qwen'), ms, { kind: 'agent-ended', report: agentReport(ms, report) }),
    gate: (step: string, attempt: number, gate: PlannedGate, ms: number, report: Partial<GateReport> = {}) =>
      perform(step, attempt, { type: 'run-gate', gate, wallMs: 60_000 }, ms, {
        kind: 'gate-ended',
        report: { pass: true, durationMs: ms, ...report },
      }),
    checkpoint: (step: string, attempt: number, ms: number, files: readonly FileChange[]) =>
      perform(step, attempt, { type: 'checkpoint', since: '1111' }, ms, {
        kind: 'checkpoint-made',
        checkpoint: {
          commit: 'c0ffee0000000000000000000000000000000000',
          tree: 'f00',
          files,
          insertions: files.reduce((sum, file) => sum + (file.insertions ?? 0), 0),
          deletions: files.reduce((sum, file) => sum + (file.deletions ?? 0), 0),
          diff: '',
        },
      }),
    reset: (step: string, attempt: number, ms: number) =>
      perform(step, attempt, { type: 'reset', to: '1111' }, ms, { kind: 'worktree-reset' }),
    advance: (step: string, attempt: number, ms: number, commit: string) =>
      perform(step, attempt, { type: 'advance', from: '1111', checkpoint: 'c0ffee', subject: step }, ms, {
        kind: 'branch-advanced',
        commit,
      }),
    attemptEnded: (step: string, attempt: number, failure?: Failure) =>
      tell({ type: 'attempt-ended', step, attempt, ...(failure && { failure }) }),
    stepEnded: (step: string, end: 'passed' | 'failed', commit?: string) =>
      tell({ type: 'step-ended', step, end, ...(commit !== undefined && { commit }) }),
    end: (end: 'passed' | 'failed' | 'aborted' | 'interrupted', failure?: { step: string; message: string }) =>
      tell({ type: 'run-ended', end, ...(failure && { failure }) }),
  };
  tell({ type: 'run-started', run: 'r1', plan: planOf(steps, change) });
  return log;
}

function runAgent(agent: string): Ask {
  return {
    type: 'run-agent',
    agent,
    start: { kind: 'new' },
    access: 'edit',
    limits: {},
    expect: 'changes',
    interruptions: 0,
  };
}

export function agentReport(durationMs: number, change: Partial<AgentReport> = {}): AgentReport {
  return {
    end: { kind: 'completed', text: 'done', outputs: [] },
    session: undefined,
    usage: {},
    cost: { state: 'unknown' },
    durationMs,
    unknownLines: 0,
    folder: 'turns/1',
    ...change,
  };
}

export function gateFailure(gate: string): Failure {
  return { reason: 'gate', message: `gate failed: ${gate}`, text: `Gate ${gate} failed`, gates: [gate], final: false };
}

export const compile: PlannedGate = { name: 'compile', kind: 'compile' };
export const test: PlannedGate = { name: 'test', kind: 'test' };
export const lint: PlannedGate = { name: 'lint', kind: 'lint' };
