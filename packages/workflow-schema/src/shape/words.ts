import {
  agentShape,
  getShape,
  guardShape,
  inputShape,
  loopShape,
  onConflictShape,
  promptFileShape,
  retryShape,
  runShape,
  sessionShape,
  stepShape,
  workflowShape,
} from './workflow.ts';

/** The words of one kind of mapping. */
export interface Words {
  /** "in …" of a message. */
  readonly where: string;
  readonly known: readonly string[];
  /** Words that Gump refused: what to write instead. */
  readonly replaced?: Readonly<Record<string, string>>;
  /** Words of before Gump 0.0.4, which it told and did not heed: what to write instead. */
  readonly unheeded?: Readonly<Record<string, string>>;
  /** Known elsewhere: where. */
  readonly moved?: Readonly<Record<string, string>>;
}

const guardKeys = Object.keys(guardShape.shape);

export const rootWords: Words = {
  where: 'a workflow',
  known: Object.keys(workflowShape.shape),
  unheeded: {
    recipe: 'give the workflow a `name`',
    review: 'add a last step with `type: validate`',
    blast_radius: "a task's `files` hold its steps to these files",
  },
  moved: {
    timeout: 'write `max_timeout`',
    max_time: 'write `max_timeout`',
    max_turns: 'put it into the `guard` of a step',
    agent: 'name it in each step',
    when: 'put it into a step',
    loop: 'put it into a step with `steps`',
  },
};

export const stepWords: Words = {
  where: 'a step',
  known: Object.keys(stepShape.shape),
  replaced: { validate: 'a check is an entry of `gate`' },
  unheeded: {
    on_failure: 'write a `retry` list, such as `retry: [{ exit: 3 }]`',
    strategy: 'write `retry` entries: `attempt` with `agent`, `session`, `worktree` or `prompt`',
    restart_from: 'a `retry` starts the step again from its `get`',
    replan: 'put `retry` on the split; its planner then runs again',
    foreach: 'write `type: split` with `each`',
    recipe: 'the word is `workflow` now',
  },
  moved: {
    ...Object.fromEntries(guardKeys.map((key) => [key, 'put it into `guard`'])),
    inputs: 'a workflow has `inputs`; those given to one stand in `with`',
    outputs: 'a workflow has `outputs`, at its root',
    until: 'put it into `loop`',
  },
};

const intoRun = 'put it into `run`, or directly into the step';
export const getWords: Words = {
  where: '`get`',
  known: [...Object.keys(getShape.shape), 'workflow'],
  moved: Object.fromEntries(Object.keys(runShape.shape).map((key) => [key, intoRun])),
};

const intoStep = 'put it directly into the step';
export const runWords: Words = {
  where: '`run`',
  known: Object.keys(runShape.shape),
  moved: {
    ...Object.fromEntries(
      [...Object.keys(getShape.shape), 'workflow'].map((key) => [key, 'put it into `get`, or directly into the step']),
    ),
    ...Object.fromEntries(guardKeys.map((key) => [key, 'put it into `guard`'])),
    gate: intoStep,
    retry: intoStep,
    when: intoStep,
    output: intoStep,
  },
};

export const guardWords: Words = { where: '`guard`', known: guardKeys };
export const onConflictWords: Words = { where: '`on_conflict`', known: Object.keys(onConflictShape.shape) };
export const loopWords: Words = { where: '`loop`', known: Object.keys(loopShape.shape) };
export const inputWords: Words = { where: 'an input', known: Object.keys(inputShape.shape) };
export const agentWords: Words = { where: 'an agent', known: Object.keys(agentShape.shape) };
export const promptWords: Words = { where: '`prompt`', known: Object.keys(promptFileShape.shape) };
export const contextWords: Words = { where: '`context`', known: ['file', 'bash'] };
export const sessionWords: Words = { where: '`session`', known: Object.keys(sessionShape.shape) };
export const retryWords: Words = { where: 'a `retry` entry', known: Object.keys(retryShape.shape) };
