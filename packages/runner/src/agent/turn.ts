import { KeptTurn, runTurn, type TurnReport, type TurnRequest } from '@pawl/agent';
import { type AgentReport, type Effect, type PlannedAgent, promptParts } from '@pawl/core';
import type { AgentEvent, JsonObject, Provider, SessionStart } from '@pawl/provider';
import { createActivityMeter } from '../activity/meter.ts';
import { RunnerError } from '../errors.ts';
import { markerOf, turnFolder } from '../files/names.ts';
import type { Surroundings } from '../perform.ts';
import type { Lane } from '../ports.ts';
import { endOf } from './end.ts';
import { keepTurn, notKept } from './keep.ts';
import { meterOf } from './meter.ts';
import { clearOutputs, outputFile, type Place } from './outputs.ts';
import { composePrompt } from './prompt.ts';
import { schemasOf } from './schema.ts';
import { openTurnFiles, type TurnFiles } from './turn-files.ts';

type RunAgentEffect = Effect & { readonly type: 'run-agent' };

/** An agent that says nothing for so long hangs, where its provider knows nothing better. */
const silence = { firstEventMs: 5 * 60_000, idleMs: 30 * 60_000 };
/** Somebody else may be at work in the conversation that a step goes on with. */
const patienceMs = 10 * 60_000;

/**
 * One turn of an agent: prompt, native stream and events go to the run's folder, the report to the core. Rejects only for
 * what goes wrong before the agent begins: afterwards money is spent, and the report tells how much.
 */
export async function runAgent(effect: RunAgentEffect, lane: Lane, surroundings: Surroundings): Promise<AgentReport> {
  if (!effect.apart) return runIn(lane, effect, lane, surroundings);
  const scratch = await surroundings.ports.scratch({ run: surroundings.state.run, step: effect.step });
  try {
    return await runIn(scratch, effect, lane, surroundings);
  } finally {
    // The turn is paid for: its report counts, whatever stays behind.
    await scratch.remove().catch(() => undefined);
  }
}

/** `place` is where the agent works; the prompt is made of the lane's files all the same. */
async function runIn(
  place: Place,
  effect: RunAgentEffect,
  lane: Lane,
  surroundings: Surroundings,
): Promise<AgentReport> {
  const { state, ports } = surroundings;
  const agent = Object.hasOwn(state.plan.agents, effect.agent) ? state.plan.agents[effect.agent] : undefined;
  if (!agent) throw new RunnerError('unknown-provider', `no agent is named ${effect.agent}`);
  const provider = await installed(agent, surroundings);
  const marker = markerOf(state.run, effect.id);
  const prompt = await composePrompt(promptParts(state, effect.step) ?? [], lane, surroundings, marker);
  await clearOutputs(ports.worktreeFiles, place);
  const folder = turnFolder(effect.id);
  const conversation = conversationOf(effect, prompt, surroundings);
  await conversation.begin(startOf(effect));
  try {
    const files = await openTurnFiles(folder, prompt, surroundings);
    return await told(effect, { agent, provider, prompt, place, folder, marker, files, conversation }, surroundings);
  } finally {
    await conversation.end();
  }
}

interface Turn {
  readonly agent: PlannedAgent;
  readonly provider: Provider;
  readonly prompt: string;
  readonly place: Place;
  readonly folder: string;
  readonly marker: string;
  readonly files: TurnFiles;
  readonly conversation: KeptTurn;
}

async function told(effect: RunAgentEffect, turn: Turn, surroundings: Surroundings): Promise<AgentReport> {
  const { state, ports } = surroundings;
  const { agent, provider, prompt, place, folder, marker, files, conversation } = turn;
  const kept = keepTurn(files, effect, surroundings);
  const meter = meterOf(effect, agent, state);
  const activity = createActivityMeter();
  const { signal, onStdout } = kept;
  let past: number | undefined;
  const onEvent = async (event: AgentEvent): Promise<void> => {
    activity.see(event, ports.now());
    past ??= meter.see(event);
    if (past !== undefined) kept.stop();
    await conversation.see(event).catch(kept.fail);
    await kept.onEvent(event);
  };
  let report: TurnReport;
  try {
    const host = ports.agents.host(provider, { marker, onStdout });
    report = await runTurn({
      ...requestOf(effect, agent, provider, place, schemasOf(effect, state).asked),
      provider,
      host,
      prompt,
      signal,
      onEvent,
    });
  } finally {
    await files.close().catch(kept.fail);
  }
  const refused = await conversation.record(report.end);
  if (refused) kept.fail(refused);
  return {
    end: kept.failure() ?? (await endOf(effect, stoppedAt(report, past), place, surroundings).catch(notKept)),
    session: report.end.session,
    ...(report.end.messageId !== undefined && { messageId: report.end.messageId }),
    ...(report.end.model !== undefined && { model: report.end.model }),
    usage: report.end.usage,
    cost: meter.cost(report),
    durationMs: report.end.durationMs,
    unknownLines: report.unknownLines,
    activity: activity.current(),
    folder,
  };
}

async function installed(agent: PlannedAgent, { ports }: Surroundings): Promise<Provider> {
  const provider = await ports.agents.provider(agent.provider);
  if (provider) return provider;
  throw new RunnerError(
    'unknown-provider',
    `agent ${agent.name} needs the adapter ${agent.provider}, which is not installed: npm install @pawl/provider-${agent.provider}`,
  );
}

function requestOf(
  effect: RunAgentEffect,
  agent: PlannedAgent,
  provider: Provider,
  place: Place,
  outputSchema: JsonObject | undefined,
) {
  const { limits, access } = effect;
  const values = Object.entries(limits).map(([name, limit]) => [name, limit.value]);
  return {
    cwd: place.path,
    ...(agent.model !== undefined && { model: agent.model }),
    options: agent.options,
    access,
    start: startOf(effect),
    limits: Object.fromEntries(values) as NonNullable<TurnRequest['limits']>,
    ...(outputSchema && { outputSchema }),
    env: {
      PAWL_STEP: effect.step,
      PAWL_ATTEMPT: String(effect.attempt),
      PAWL_OUT: `${place.path}/${outputFile}`,
    },
    ...{ ...silence, ...provider.silence },
  } satisfies Partial<TurnRequest>;
}

/** The turn in the catalogue of conversations, where another process may be at work in the one it goes on with. */
function conversationOf(effect: RunAgentEffect, prompt: string, { state, ports, signal }: Surroundings): KeptTurn {
  const { workflow, owner, base } = state.plan;
  const { start, step, agent } = effect;
  return new KeptTurn(
    ports.sessions,
    prompt,
    {
      ...{ agent, owner, step, run: state.run, repository: base.repository },
      title: `${workflow.name} ${step}`,
      parent: start.kind === 'fork' ? { ref: start.session } : undefined,
    },
    { key: `${state.run}/${effect.id}`, now: ports.now, patienceMs, signal },
  );
}

const startOf = ({ start }: RunAgentEffect): SessionStart =>
  start.kind === 'new' ? { kind: 'new' } : { kind: start.kind, ref: start.session };

/** An agent that had ended before it could be stopped was not limited. */
function stoppedAt(report: TurnReport, past: number | undefined): TurnReport {
  const { kind } = report.end.outcome;
  if (past === undefined || report.stoppedBy || (kind !== 'cancelled' && kind !== 'failed')) return report;
  return { ...report, stoppedBy: { limit: 'costUsd', value: past } };
}
