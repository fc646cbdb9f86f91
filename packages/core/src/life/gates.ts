import { timeOver } from '../budget.ts';
import { holds } from '../condition.ts';
import { type Draft, emit, request, warn } from '../draft.ts';
import type { GateReport, StepPath } from '../effects.ts';
import type { Failure } from '../events.ts';
import { runLimit } from '../failure.ts';
import { isServing } from '../frames.ts';
import { frameAt, gatesOf, isAgentStep, plannedAt, stepAt, taskOf } from '../lookup.ts';
import { parseTasks } from '../output.ts';
import { pauseOf } from '../pause.ts';
import type { PlannedStep } from '../plan.ts';
import type { StepState } from '../state.ts';
import { beginGates, isAtWork } from './begin-gates.ts';
import type { Following } from './next.ts';
import { attemptsOf } from './step.ts';

/** All gates of a step run; then the attempt is judged. A person may be asked before and after. */
export function nextGate(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  const planned = step && plannedAt(draft.state.plan, step.address);
  if (!step || !planned) return undefined;
  const pause = pauseOf(draft.state, step, planned);
  if (mustRecord(step, planned, pause)) return record(draft, step, planned, 'checkpoint');
  if (pause === 'before_gate' && !step.answer) return ask(draft, step, 'before_gate');
  const left = gatesOf(draft.state, step).filter(({ name }) => !Object.hasOwn(step.gates, name));
  const over = left.length > 0 ? timeOver(draft.state, step, draft.at) : undefined;
  const failure = step.failure ?? (over === undefined ? undefined : runLimit(over));
  if (!failure && left.length > 0) return beginGates(draft, step, planned, left);
  // What runs beside the one that ended last belongs to the attempt, however that has ended.
  if (isAtWork(draft.state, step)) return undefined;
  return failure ? { do: 'fail-attempt', step: path, failure } : judge(draft, step, planned);
}

/** A validator is shown what it judges and a person is asked about it, also where no agent works: then it is recorded here. */
function mustRecord(step: StepState, planned: PlannedStep, pause: PlannedStep['pause']): boolean {
  if (isAgentStep(planned) || step.checkpoint) return false;
  if (planned.kind === 'gate') return pause !== undefined || planned.gates.some(({ kind }) => kind === 'validate');
  return pause !== undefined || planned.gates.length > 0;
}

/** Of steps that change nothing themselves: what the run has changed so far. */
function record(draft: Draft, step: StepState, planned: PlannedStep, name: string): Following {
  const since = planned.kind === 'gate' ? draft.state.plan.base.commit : step.before;
  request(draft, step, { type: 'checkpoint', since }, name);
  return undefined;
}

/** What the gates left in the worktree is told apart from what the person will change. */
function askAfter(draft: Draft, step: StepState): Following {
  const left = draft.state.lanes[step.lane]?.dirty && step.checkpoint && step.asked === undefined;
  if (!left) return ask(draft, step, 'after_gate');
  request(draft, step, { type: 'checkpoint', since: step.before, asking: true }, `checkpoint.asked${times(step)}`);
  return undefined;
}

const times = ({ voided }: StepState): string => (voided === undefined ? '' : `${voided + 1}`);

function ask(draft: Draft, step: StepState, question: 'before_gate' | 'after_gate'): Following {
  const tree = step.checkpoint?.tree;
  const again = step.voided === undefined ? '' : `.again${step.voided + 1}`;
  request(draft, step, { type: 'ask', question, ...(tree !== undefined && { tree }) }, `ask${again}`);
  return undefined;
}

/** A person has answered. What they changed in the meantime is part of the step. */
export function answered(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  if (!step?.answer) return undefined;
  const { choice, comment } = step.answer;
  if (choice === 'abort') return { do: 'abort', reason: comment ?? `stopped at ${path}` };
  if (choice === 'retry') {
    const text = comment ?? 'Do it again.';
    return {
      do: 'fail-attempt',
      step: path,
      failure: { reason: 'person', message: `asked to be done again: ${text}`, text, final: false },
    };
  }
  const planned = plannedAt(draft.state.plan, step.address);
  return planned && record(draft, step, planned, `checkpoint.answered${times(step)}`);
}

/** What the person left is recorded. Files that are others than those they approved are judged and asked about anew. */
export function answerRecorded(draft: Draft, { path, answer, edited, checkpoint }: StepState): Following {
  if (answer?.tree !== undefined && edited) {
    emit(draft, { type: 'answer-voided', step: path, tree: checkpoint?.tree ?? '' });
    const message = 'its files have changed since they were approved: the approval is void';
    warn(draft, path, 'answer-void', message);
  }
  return { do: 'gates', step: path };
}

function judge(draft: Draft, step: StepState, planned: PlannedStep): Following {
  const { path } = step;
  const failed = gatesOf(draft.state, step).flatMap(({ name }) => {
    const report = step.gates[name];
    return report && !report.pass ? [[name, report] as const] : [];
  });
  const failure = failed.length > 0 ? gateFailure(failed) : notYet(draft, step, planned);
  const left = step.attempt < attemptsOf(draft, step.address);
  const pause = pauseOf(draft.state, step, planned);
  if (pause === 'after_gate' && !step.answer && (!failure || left)) return askAfter(draft, step);
  if (failure) return { do: 'fail-attempt', step: path, failure };
  emit(draft, { type: 'attempt-ended', step: path, attempt: step.attempt });
  const { checkpoint } = step;
  if (!checkpoint || checkpoint.files.length === 0 || !mayAdvance(draft, step, planned))
    return { do: 'conclude', step: path };
  const from = draft.state.lanes[step.lane]?.head ?? step.before;
  request(draft, step, { type: 'advance', from, checkpoint: checkpoint.commit, subject: subject(draft, step) });
  return undefined;
}

/** Of a step that changes nothing itself only what people changed: while they were asked, or before it was begun again. */
function mayAdvance({ state }: Draft, step: StepState, planned: PlannedStep): boolean {
  // What resolves a conflict is part of the merge.
  if (frameAt(state, step.frame)?.purpose === 'conflict') return false;
  if (isAgentStep(planned)) return true;
  return (step.edited || step.generation > 0) && !isServing(state, frameAt(state, step.frame));
}

/** A loop goes round until its condition holds. */
function notYet(draft: Draft, step: StepState, planned: PlannedStep): Failure | undefined {
  if (planned.kind !== 'group' || !planned.loop || holds(draft.state, step, planned.loop.until)) return undefined;
  const message = `its condition does not hold after round ${step.attempt} of at most ${planned.loop.max}`;
  return { reason: 'loop', message, text: message, final: false };
}

function subject(draft: Draft, step: StepState): string {
  const task = taskOf(draft.state, step);
  const name = step.address.slice(step.address.lastIndexOf('/') + 1);
  return task ? `${name}: ${task.name}` : name;
}

/** The attempt passed and its files are on the branch: a split goes on with its tasks. */
export function conclude(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  const planned = step && plannedAt(draft.state.plan, step.address);
  if (!step || !planned) return undefined;
  if (!isAgentStep(planned) || planned.kind !== 'split') return { do: 'pass', step: path };
  const tasks = parseTasks(step.output);
  emit(draft, { type: 'tasks-planned', step: path, tasks });
  if (tasks.length === 0) warn(draft, path, 'no-tasks', 'the plan holds no task: nothing is left to do for this step');
  return { do: 'body', step: path };
}

function gateFailure(failed: readonly (readonly [string, GateReport])[]): Failure {
  const names = failed.map(([name]) => name);
  return {
    reason: 'gate',
    message: `${names.length === 1 ? 'gate' : 'gates'} failed: ${names.join(', ')}`,
    text: failed.map(gateText).join('\n---\n'),
    gates: names,
    final: false,
  };
}

function gateText([name, report]: readonly [string, GateReport]): string {
  const command = report.command === undefined ? '' : `: ${report.command}`;
  const exit = report.exitCode === undefined ? '' : ` (exit code ${report.exitCode})`;
  return `Gate ${name} failed${command}${exit}\n${report.failure ?? ''}`.trimEnd();
}
