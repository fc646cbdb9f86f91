import type { Plan, RunEvent } from '@pawl/core';
import { createProjection, plainLine, type StepReport } from '@pawl/report';
import type { Notice, Observe } from '@pawl/runner';
import type { Terminal } from '../terminal.ts';
import { AgentLines, type Pricing } from './agent-lines.ts';
import { linesOf, stoppingLines } from './lines.ts';
import { atWork, treeLines } from './live-tree.ts';
import { openRegion } from './region.ts';

const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const everyMs = 100;
/** Of the lines that come while a person thinks. */
const mostKept = 1000;

export interface Display {
  readonly observe: Observe;
  /** Counts an event in without a word. */
  learn(event: RunEvent): void;
  /** A step as it is now. */
  step(path: string): StepReport | undefined;
  /** A person is asked: nothing is written until the release. Calls may be nested. */
  hold(): void;
  release(): void;
  /** This process was told to end. */
  interrupted(): void;
  /** Lines that stay, above what moves. */
  say(lines: readonly string[]): void;
  /** One line below what moves; undefined takes it away. */
  note(text: string | undefined): void;
  /** The step that keys are about: of those at work the first, or the one that was chosen. */
  selected(): string | undefined;
  select(by: 1 | -1): void;
  /** What the agent of a step has said and done, newest last. */
  told(path: string): readonly string[];
  readonly pausing: boolean;
  /** Takes the live region away. Idempotent. */
  close(): void;
}

export type Loudness = 'quiet' | 'normal' | 'verbose';

/** Told also where it is to be quiet: what ends, and what a person must know or do. */
const loud: ReadonlySet<RunEvent['type']> = new Set(['warned', 'run-ended', 'abort-requested', 'answer-voided']);

/** Lines as things happen; on a terminal that can redraw, what runs now stands below them and moves. */
export function openDisplay(terminal: Terminal, how: Loudness = 'normal', past: readonly RunEvent[] = []): Display {
  const screen = terminal.people;
  const verbose = how === 'verbose';
  const projection = createProjection();
  let pausing = false;
  let plan: Plan | undefined;
  const take = (event: RunEvent): void => {
    projection.add(event);
    if (event.type === 'run-started') ({ plan } = event);
    if (event.type === 'pause-requested') pausing = event.wanted;
    else if (event.type === 'abort-requested') pausing = false;
    else if (event.type === 'run-ended') pausing &&= event.end === 'interrupted';
    else if (event.type === 'effect-settled' && event.outcome.kind === 'answered') pausing = false;
  };
  for (const event of past) take(event);
  const agents = new Map<string, AgentLines>();
  const region = openRegion(terminal);
  let frame = 0;
  let open = terminal.live && how !== 'quiet';
  let holds = 0;
  let kept: string[] = [];
  let chosen: string | undefined;
  let noted: string | undefined;

  const selected = (): string | undefined => {
    const paths = atWork(projection.current());
    return chosen !== undefined && paths.includes(chosen) ? chosen : paths[0];
  };
  const tree = (): readonly string[] => {
    const mark = frames[frame % frames.length] ?? '';
    const view = { report: projection.current(), agents, screen, mark, now: Date.now(), selected: selected(), pausing };
    return treeLines({ ...view, note: noted });
  };
  const redraw = (lines: readonly string[]): void => {
    if (holds > 0) {
      kept = [...kept, ...lines].slice(-mostKept);
      return;
    }
    if (open) terminal.measure();
    // Where nothing moves no report is made: it is as long as the run has tasks.
    const below = open ? tree() : [];
    if (lines.length > 0 || open || below.length > 0) region.draw(lines, below);
  };
  const timer = open
    ? setInterval(() => {
        frame += 1;
        redraw([]);
      }, everyMs).unref()
    : undefined;

  const pricing = (agent: string | undefined): Pricing => ({
    model: agent === undefined ? undefined : plan?.agents[agent]?.model,
    estimates: plan?.settings.unknownCost === 'estimate',
  });
  const linesFor = (notice: Notice): readonly string[] => {
    if (notice.type === 'event') {
      const { event } = notice;
      take(event);
      if (event.type === 'attempt-started') agents.set(event.step, new AgentLines(pricing(event.agent)));
      const asked = event.type === 'effect-requested' && event.effect.type === 'ask';
      if (how === 'quiet' && !loud.has(event.type) && !asked) return [];
      return linesOf(event, projection, screen, verbose);
    }
    const agent = agents.get(notice.step) ?? new AgentLines(pricing(projection.step(notice.step)?.agent));
    agents.set(notice.step, agent);
    const told = agent.add(notice.event);
    return verbose ? told.map((text) => screen.line(['dim', `    ${plainLine(text)}`])) : [];
  };

  return {
    observe(notice: Notice) {
      const lines = linesFor(notice);
      if (lines.length > 0) redraw(lines);
    },
    learn: take,
    step: (path) => projection.step(path),
    hold() {
      if (holds === 0) region.erase();
      holds += 1;
    },
    release() {
      holds -= 1;
      if (holds > 0) return;
      const lines = kept;
      kept = [];
      redraw(lines);
    },
    interrupted: () => redraw(stoppingLines(projection, screen, true)),
    say: (lines) => redraw(lines),
    note(text) {
      noted = text;
      redraw([]);
    },
    selected,
    select(by) {
      const paths = atWork(projection.current());
      const at = paths.indexOf(selected() ?? '');
      chosen = paths[(at + by + paths.length) % Math.max(1, paths.length)];
      redraw([]);
    },
    told: (path) => agents.get(path)?.told ?? [],
    get pausing() {
      return pausing;
    },
    close() {
      holds = 0;
      const lines = kept;
      kept = [];
      const wasOpen = open;
      open = false;
      clearInterval(timer);
      if (wasOpen || lines.length > 0) redraw(lines);
      if (wasOpen) region.erase();
    },
  };
}
