import { amount } from '../amount.ts';
import { isPriced } from '../budget.ts';
import { type Draft, emit, request, warn, warnOnce } from '../draft.ts';
import type { AgentReport, OutputCandidate, StepPath, Text } from '../effects.ts';
import type { Failure } from '../events.ts';
import { agentStepAt, guardOf, stepAt } from '../lookup.ts';
import { expectedOf, type Read, readOutput, readTasks, readVerdict } from '../output.ts';
import type { AgentStep } from '../plan.ts';
import type { StepState } from '../state.ts';
import { answerRecorded } from './gates.ts';
import { afterInterruption, costTold, deaths, judgeCost, judgeTurn, maxInterruptions } from './judge.ts';
import type { Following } from './next.ts';
import { waitFor } from './wait.ts';

/** The turn is over. Whatever it left in the worktree is recorded before anything is decided. */
export function turnEnded(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  if (step?.report) tellUnknown(draft, step, step.report);
  return recordTurn(draft, path);
}

export function recordTurn(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  if (step) request(draft, step, { type: 'checkpoint', since: step.before });
  return undefined;
}

/**
 * The turn did not come to its end: what it left is recorded, then it goes on in its own conversation, counted, never
 * silently started anew; or a person decides about that.
 */
export function turnInterrupted(draft: Draft, path: StepPath, report: AgentReport | undefined): Following {
  const step = stepAt(draft.state, path);
  if (!step) return undefined;
  tellUnknown(draft, step, report, true);
  const how = afterInterruption(draft, step);
  if (!how) return recordTurn(draft, path);
  const count = `(${deaths(step)} of at most ${maxInterruptions} times)`;
  const goesOn = report ? ': it goes on when the run is resumed' : ` ${count}`;
  const what = how === 'asks' ? ': a person decides how it goes on' : goesOn;
  warn(draft, path, 'interrupted', `the turn was interrupted${what}`);
  request(draft, step, { type: 'checkpoint', since: step.before }, `checkpoint.interrupted${step.interruptions}`);
  return undefined;
}

/** Both choices are the same turn once more: its conversation, or a new one, is a matter of how it is opened. */
export function interruptionAnswered(draft: Draft, path: StepPath): Following {
  const answer = stepAt(draft.state, path)?.goesOn;
  if (!answer) return undefined;
  if (answer.choice === 'abort') return { do: 'abort', reason: answer.comment ?? `stopped at ${path}` };
  return { do: 'agent', step: path };
}

/** A limit that cannot count says so, once for each agent. */
function tellUnknown(draft: Draft, step: StepState, report: AgentReport | undefined, interrupted = false): void {
  const guard = agentStepAt(draft.state.plan, step.address)?.guard;
  const { limits, settings } = draft.state.plan;
  const agent = step.agent ?? '';
  const who = interrupted ? `an interrupted turn of ${agent} does not tell` : `${agent} does not report`;
  // Where that fails the turn, its failure says so.
  const isTold = report && (costTold(report) !== undefined || (!interrupted && settings.unknownCost === 'fail'));
  if (!isTold && isPriced(draft.state, step, guard))
    warnOnce(draft, step.path, 'cost-unknown', agent, `${who} what it costs: max_budget cannot count its turns`);
  const tokens = amount(report?.usage.inputTokens) ?? amount(report?.usage.outputTokens);
  if (tokens === undefined && (limits.tokens ?? guard?.tokens) !== undefined)
    warnOnce(draft, step.path, 'tokens-unknown', agent, `${who} its tokens: max_tokens cannot count its turns`);
}

/** The files are safe: judge the turn. */
export function turnRecorded(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  const planned = step && agentStepAt(draft.state.plan, step.address);
  if (!step?.checkpoint) return undefined;
  if (step.answer) return answerRecorded(draft, step);
  if (!planned?.agent) return { do: 'gates', step: path };
  const how = afterInterruption(draft, step);
  if (how === 'goes-on') return { do: 'agent', step: path };
  if (how === 'asks') {
    const { tree } = step.checkpoint;
    request(draft, step, { type: 'ask', question: 'interrupted', tree }, `ask.interrupted${step.interruptions}`);
    return undefined;
  }
  const unpaid = step.report && judgeCost(draft, step, step.report, guardOf(draft.state, step, planned));
  const wait = unpaid ? undefined : waitFor(draft, step);
  if (wait) {
    warn(draft, path, 'provider-awaited', wait.told);
    request(draft, step, wait.effect);
    return undefined;
  }
  const failure = judgeTurn(draft, step, step.checkpoint, planned);
  if (!failure) return step.report && readResult(draft, step, planned, step.report);
  // A guard undoes what its attempt did: the attempt fails on the tree put back. Nor may the next attempt answer for
  // files that this one should not have written.
  const undone = failure.reason === 'guard' || (guardOf(draft.state, step, planned).noWrite && !failure.final);
  if (!undone || step.checkpoint.files.length === 0) return failWith(path, failure);
  request(draft, step, { type: 'reset', to: step.before }, 'undo');
  return undefined;
}

/** The worktree was put back: after a turn the attempt fails, before one the agent starts. */
export function worktreeReset(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  const planned = step && agentStepAt(draft.state.plan, step.address);
  if (!step || !planned) return undefined;
  const failure = step.checkpoint && judgeTurn(draft, step, step.checkpoint, planned);
  return failure ? failWith(path, failure) : { do: 'work', step: path };
}

const failWith = (step: StepPath, failure: Failure): Following => ({ do: 'fail-attempt', step, failure });

function readResult(draft: Draft, step: StepState, planned: AgentStep, report: AgentReport): Following {
  const expected = expectedOf(planned);
  const candidates = report.end.kind === 'completed' ? report.end.outputs : [];
  const { path, attempt } = step;
  if (expected === 'tasks') {
    const tasks = readOutput(candidates, readTasks);
    if (!tasks.ok) return failWith(path, badOutput('task list', tasks.problem, planned));
    emit(draft, { type: 'output-accepted', step: path, attempt, output: JSON.stringify(tasks.value) });
  }
  if (expected === 'verdict') {
    const verdict = readOutput(candidates, readVerdict);
    if (!verdict.ok) return failWith(path, badOutput('verdict', verdict.problem, planned));
    const { pass, comments } = verdict.value;
    emit(draft, { type: 'output-accepted', step: path, attempt, output: String(pass), comments });
    const message = `the verdict is no: ${comments.trim().split('\n', 1)[0]}`;
    if (!pass) return failWith(path, { reason: 'verdict', message, text: comments, final: false });
  }
  if (expected === 'artifact') {
    const artifact = readArtifact(candidates, planned, report);
    if (!artifact.ok) return failWith(path, badOutput('artifact', artifact.problem, planned));
    emit(draft, { type: 'output-accepted', step: path, attempt, output: artifact.value });
  }
  return { do: 'gates', step: path };
}

/** By a schema: JSON that satisfies it. Without one: the file it wrote, else its final message. */
function readArtifact(candidates: readonly OutputCandidate[], planned: AgentStep, report: AgentReport): Read<Text> {
  if (planned.output) return readOutput(candidates, (json) => ({ ok: true, value: JSON.stringify(json) }));
  const refused = candidates.find((candidate) => candidate.source === 'file' && 'error' in candidate);
  if (refused && 'error' in refused) return { ok: false, problem: refused.error };
  const file = candidates.find((candidate) => 'text' in candidate);
  const text = file && 'text' in file ? file.text : report.end.kind === 'completed' ? report.end.text : '';
  return text === '' ? { ok: false, problem: 'it is empty' } : { ok: true, value: text };
}

function badOutput(what: string, problem: string, planned: AgentStep): Failure {
  const gates = planned.gates.filter((gate) => gate.kind === 'schema').map((gate) => gate.name);
  return {
    reason: 'output',
    message: `the ${what} is not usable: ${problem}`,
    text: `Your ${what} could not be used. ${problem}`,
    ...(gates.length > 0 && { gates }),
    final: false,
  };
}
