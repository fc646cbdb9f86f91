import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, createHost, type RunResult } from '@pawl/agent';
import type { Provider, SessionRef } from '@pawl/provider';
import type { LiveAgent, LiveStage } from './live-agent.ts';
import { demand, NeitherNor } from './neither-nor.ts';
import type { Cell, Verb } from './row.ts';

interface Trial<Turn> {
  readonly live: LiveAgent<Turn>;
  readonly stage: LiveStage<Turn>;
  readonly agent: () => Agent;
  /** Bodies of the model's requests that took a turn, as text. */
  readonly sent: () => readonly string[];
}

export function trialOf<Turn>(live: LiveAgent<Turn>, stage: LiveStage<Turn>): Trial<Turn> {
  const { model, options } = live;
  return {
    live,
    stage,
    agent: () =>
      stage.agent({ ...(model === undefined ? {} : { model }), ...(options === undefined ? {} : { options }) }),
    sent: () => stage.model.requests.flatMap(({ kind, body }) => (kind === 'turn' ? JSON.stringify(body ?? null) : [])),
  };
}

/** Refused means: by its name, and before the model heard of it. */
async function cellOf<Turn>(
  trial: Trial<Turn>,
  run: () => Promise<RunResult>,
): Promise<{ cell: Cell; result: RunResult }> {
  const before = trial.sent().length;
  const result = await run();
  const { outcome } = result;
  if (outcome.kind === 'completed') return { cell: 'works', result };
  if (outcome.kind === 'failed' && outcome.error.code === 'unsupported' && trial.sent().length === before)
    return { cell: 'refused by name', result };
  throw new NeitherNor(`it ended as ${JSON.stringify(outcome)}`);
}

export async function trySessions<Turn>(trial: Trial<Turn>): Promise<Partial<Record<Verb, Cell>>> {
  const { agent, sent } = trial;
  const latest = () => sent().at(-1) ?? '';
  const first = await cellOf(trial, () => agent().run('pawl-first'));
  const ref = first.result.session;
  demand(first.cell === 'works', 'a new session was refused');
  if (!ref) throw new NeitherNor('a new session told no id');

  const second = await cellOf(trial, () => agent().resume(ref).run('pawl-second'));
  if (second.cell === 'works') {
    demand(second.result.session?.id === ref.id, 'another session was resumed');
    demand(latest().includes('pawl-first'), 'resumed without its past');
  }
  const third = await cellOf(trial, () => agent().continueLatest().run('pawl-third'));
  if (third.cell === 'works') {
    demand(third.result.session?.id === ref.id, 'another session was continued');
    demand(latest().includes('pawl-first'), 'continued without its past');
  }
  const fork = await cellOf(trial, () => agent().fork(ref).run('pawl-aside'));
  if (fork.cell === 'works') {
    demand(fork.result.session !== undefined && fork.result.session.id !== ref.id, 'a fork with the id of its source');
    demand(latest().includes('pawl-first'), 'forked without its past');
    await cellOf(trial, () => agent().resume(ref).run('pawl-after'));
    demand(latest().includes('pawl-first') && !latest().includes('pawl-aside'), 'a fork changed its source');
  }
  const at = first.result.messageId ?? 'pawl-no-message';
  const forkAt = await cellOf(trial, () => agent().fork(ref, { at }).run('pawl-early'));
  if (forkAt.cell === 'works') {
    demand(latest().includes('pawl-first') && !latest().includes('pawl-second'), 'forked at another message');
  }
  const kept = await tryKept(trial, ref);
  return {
    ...{
      new: first.cell,
      resume: second.cell,
      continue: third.cell,
      fork: fork.cell,
      'fork at a message': forkAt.cell,
    },
    ...kept,
  };
}

async function tryKept<Turn>(trial: Trial<Turn>, ref: SessionRef): Promise<Partial<Record<Verb, Cell>>> {
  const { live, stage, agent } = trial;
  const { provider } = live;
  const host = createHost({ env: process.env, allow: provider.environment, extraEnv: stage.environment });
  const ids = async () => (await provider.listSessions?.({ cwd: stage.folder }, host))?.map(({ ref: { id } }) => id);
  const before = await ids();
  demand(before?.includes(ref.id) ?? true, 'a list without the session');
  const ephemeral = await cellOf(trial, () => agent().ephemeral().run('pawl-gone'));
  if (ephemeral.cell === 'works') {
    demand(ephemeral.result.session === undefined, 'an ephemeral session that can be gone on with');
    demand(JSON.stringify(await ids()) === JSON.stringify(before), 'an ephemeral session was kept');
  }
  const lines: string[] = [];
  for await (const line of provider.exportSession?.(ref, host) ?? []) lines.push(line);
  demand(!provider.exportSession || lines.join('\n').includes('pawl-first'), 'an export without what was said');
  return { ephemeral: ephemeral.cell, list: listed(provider, 'list'), export: listed(provider, 'export') };
}

/** A function that is not there is not listed either, and the kit refuses the verb by its name. */
function listed(provider: Provider, verb: 'list' | 'export'): Cell {
  const there = (verb === 'list' ? provider.listSessions : provider.exportSession) !== undefined;
  demand(there === provider.capabilities.sessions.includes(verb), `${verb} is not what the capabilities say`);
  return there ? 'works' : 'refused by name';
}

export async function tryTurn<Turn>(trial: Trial<Turn>): Promise<Partial<Record<Verb, Cell>>> {
  const { live, stage, agent, sent } = trial;
  const whole = await agent().run('pawl-cost');
  demand(whole.outcome.kind === 'completed', `it ended as ${JSON.stringify(whole.outcome)}`);
  if (whole.cost.state === 'measured') demand(whole.cost.usd > 0, 'a cost of nothing');

  stage.model.push(live.hang());
  const stopped = agent();
  const running = stopped.run('pawl-stop');
  await stage.model.waitForTurns(sent().length + 1, 60_000);
  await sleep(200);
  await stopped.abort();
  demand((await running).outcome.kind === 'cancelled', 'a stop that was none');
  demand(stage.processes().length === 0, 'a process outlived the stop');

  stage.model.push(...['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => live.command(`echo ${letter}`)));
  const limited = agent();
  const { outcome } = await limited.run('pawl-limit', { limits: { turns: 2 } });
  demand(outcome.kind === 'limited' && outcome.limit === 'turns', `it ended as ${JSON.stringify(outcome)}`);
  demand(stage.processes().length === 0, 'a process outlived the limit');
  // In the same session, with a higher one: the rest of the commands, and the answer.
  const higher = await limited.run('pawl-higher', { limits: { turns: 20 } });
  demand(higher.outcome.kind === 'completed', `with a higher limit it ended as ${JSON.stringify(higher.outcome)}`);
  demand((sent().at(-1) ?? '').includes('pawl-limit'), 'with a higher limit it went on without its past');
  return { stop: 'works', limits: 'works', cost: whole.cost.state === 'measured' ? 'works' : 'refused by name' };
}
