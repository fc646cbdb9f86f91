import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Effect, evolve, initial, type RunEvent } from '@pawl/core';
import { plainLine } from '@pawl/report';
import type { Notice } from '@pawl/runner';
import { openStoreToRead } from '../compose.ts';
import type { Context } from '../context.ts';
import { openDisplay } from '../display/live.ts';
import { exitCodes } from '../exit.ts';
import { agentEvents, followRun } from '../follow.ts';
import { holderLives } from '../lease.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { stepOf } from '../step-of.ts';
import type { Terminal } from '../terminal.ts';

export interface LogsOptions {
  readonly step?: string;
  readonly follow?: boolean;
  readonly gates?: boolean;
  readonly json?: boolean;
}

const everyMs = 150;

/** What agents said and did, gates printed and the run decided, in the order in which it happened. */
export async function logs(context: Context, id: string | undefined, options: LogsOptions): Promise<number> {
  const run = await readRun(context, { id });
  const only = options.step === undefined ? undefined : placeOf(run, options.step);
  const isMeant = (step: string): boolean => only === undefined || step === only || step.startsWith(`${only}/`);
  const tell = options.json ? asData(context, isMeant) : asText(context, isMeant);
  await tellPast(context, run, tell, options.gates ?? false);
  if (!options.follow) return exitCodes.passed;
  const store = openStoreToRead(context);
  if (!store) return exitCodes.passed;
  try {
    const begun = { run: run.record.id, past: run.events, state: run.state };
    const followed = followRun(store, context.places, begun, tell);
    for (;;) {
      const holder = await store.runs.holder(run.record.id);
      const held = holder !== undefined && holderLives(holder);
      await followed.look();
      if (!held) return exitCodes.passed;
      await sleep(everyMs);
    }
  } finally {
    await store.close();
  }
}

/** A step, or a task with all its steps. */
function placeOf(run: StoredRun, wanted: string): string {
  const paths = Object.keys(run.state.steps);
  const inside = run.events.some((event) => 'step' in event && event.step.startsWith(`${wanted}/`));
  return inside || paths.some((path) => path.startsWith(`${wanted}/`)) ? wanted : stepOf(run, wanted);
}

type Tell = (notice: Notice) => void;

/** As lines of a run without a live display: standard output, for it is what was asked for. */
function asText({ terminal }: Context, isMeant: (step: string) => boolean): Tell {
  const lines: Terminal = {
    ...terminal,
    people: terminal.data,
    live: false,
    say: terminal.print,
    draw: (text) => terminal.print(text),
  };
  const display = openDisplay(lines, 'verbose');
  return (notice) => {
    const step = notice.type === 'agent' ? notice.step : stepOfEvent(notice.event);
    if (step === undefined || isMeant(step)) display.observe(notice);
    else if (notice.type === 'event') display.learn(notice.event);
  };
}

const asData =
  ({ terminal }: Context, isMeant: (step: string) => boolean): Tell =>
  (notice) => {
    const step = notice.type === 'agent' ? notice.step : stepOfEvent(notice.event);
    if (step !== undefined && !isMeant(step)) return;
    const data =
      notice.type === 'agent'
        ? { type: 'agent', step: notice.step, attempt: notice.attempt, event: notice.event }
        : { sequence: notice.sequence, ...notice.event };
    terminal.print(JSON.stringify(data));
  };

/** The step an event is about; undefined of the whole run. */
function stepOfEvent(event: RunEvent): string | undefined {
  if (event.type === 'effect-requested') return event.effect.step;
  if (event.type === 'effect-settled') return event.effect.slice(0, event.effect.lastIndexOf('#')).replace(/@\d+$/, '');
  return 'step' in event ? event.step : undefined;
}

/** Each turn stands where it ended, with all that its agent said. */
async function tellPast(context: Context, { record, events }: StoredRun, tell: Tell, gates: boolean): Promise<void> {
  let state = initial;
  const running = (effect: Effect): boolean => effect.type === 'run-agent';
  for (const [index, event] of events.entries()) {
    const settled = event.type === 'effect-settled' ? state.open[event.effect] : undefined;
    state = evolve(state, event);
    if (settled && running(settled))
      for (const said of await agentEvents(context.places, record.id, settled.id))
        tell({ type: 'agent', step: settled.step, attempt: settled.attempt, event: said });
    tell({ type: 'event', sequence: index + 1, event });
    if (gates && event.type === 'effect-settled' && event.outcome.kind === 'gate-ended')
      await tellGate(context, record.id, event.outcome.report.log);
  }
}

async function tellGate({ places, terminal }: Context, run: string, log: string | undefined): Promise<void> {
  if (log === undefined) return;
  const text = await readFile(join(places.runFolder(run), log), 'utf8').catch(() => '');
  for (const line of text.split('\n').filter((each) => each.trim() !== ''))
    terminal.print(terminal.data.line(['dim', `      ${plainLine(line)}`]));
}
