import type { RunEvent } from '@pawl/core';
import { createProjection, displayWidth, type Projection, plainLine, type StepReport, stepLine } from '@pawl/report';
import type { Notice, Observe } from '@pawl/runner';
import type { Screen, Terminal } from '../terminal.ts';
import { AgentLines } from './agent-lines.ts';
import { asLine, linesOf } from './lines.ts';

const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const everyMs = 100;
/** Of the lines that come while a person thinks. */
const mostKept = 1000;

export interface Display {
  readonly observe: Observe;
  /** A step as it is now. */
  step(path: string): StepReport | undefined;
  /** A person is asked: nothing is written until the release. Calls may be nested. */
  hold(): void;
  release(): void;
  /** Takes the live region away. Idempotent. */
  close(): void;
}

/** Lines as things happen; on a terminal that can redraw, what runs now stands below them and moves. */
export function openDisplay(terminal: Terminal, verbose: boolean, past: readonly RunEvent[] = []): Display {
  const screen = terminal.people;
  const projection = createProjection();
  for (const event of past) projection.add(event);
  const agents = new Map<string, AgentLines>();
  let drawn: readonly string[] = [];
  let frame = 0;
  let open = terminal.live;
  let holds = 0;
  let kept: string[] = [];

  /** In one piece, so that nothing flickers: the old region goes, lines stand in its place, the new region follows. */
  const redraw = (lines: readonly string[]): void => {
    if (holds > 0) {
      kept = [...kept, ...lines].slice(-mostKept);
      return;
    }
    const before = eraseOf(drawn, screen);
    drawn = open ? liveLines(projection, agents, screen, frames[frame % frames.length] ?? '') : [];
    const text = [...lines, ...drawn].map((line) => `${line}\n`).join('');
    if (before + text !== '') terminal.draw(before + text);
  };
  const timer = open
    ? setInterval(() => {
        frame += 1;
        redraw([]);
      }, everyMs).unref()
    : undefined;

  return {
    observe(notice: Notice) {
      let lines: readonly string[];
      if (notice.type === 'event') {
        projection.add(notice.event);
        if (notice.event.type === 'attempt-started') agents.set(notice.event.step, new AgentLines());
        lines = linesOf(notice.event, projection, screen, verbose);
      } else {
        const agent = agents.get(notice.step) ?? new AgentLines();
        agents.set(notice.step, agent);
        const told = agent.add(notice.event);
        lines = verbose ? told.map((text) => screen.line(['dim', `    ${plainLine(text)}`])) : [];
      }
      if (lines.length > 0) redraw(lines);
    },
    step: (path) => projection.step(path),
    hold() {
      if (holds === 0 && drawn.length > 0) {
        terminal.draw(eraseOf(drawn, screen));
        drawn = [];
      }
      holds += 1;
    },
    release() {
      holds -= 1;
      if (holds > 0) return;
      const lines = kept;
      kept = [];
      redraw(lines);
    },
    close() {
      holds = 0;
      const lines = kept;
      kept = [];
      const wasOpen = open;
      open = false;
      clearInterval(timer);
      if (wasOpen || lines.length > 0) redraw(lines);
    },
  };
}

/** A terminal that has become narrower has broken the lines that were drawn. */
function eraseOf(drawn: readonly string[], { width }: Screen): string {
  const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / width)), 0);
  return rows === 0 ? '' : `\u001b[${rows}A\u001b[J`;
}

/** Two lines for each agent, one for anything else; never more than fits, for what has scrolled away stays. */
function liveLines(
  projection: Projection,
  agents: ReadonlyMap<string, AgentLines>,
  screen: Screen,
  mark: string,
): readonly string[] {
  const { width, color, rows } = screen;
  const lines = projection.current().running.flatMap((effect) => {
    const step = projection.step(effect.step);
    if (!step) return [];
    const agent = effect.type === 'run-agent' ? agents.get(effect.step) : undefined;
    const live = agent?.usage === undefined ? {} : { live: agent.usage };
    const line = stepLine(asLine(step), { width, color, mark, now: Date.now(), ...live });
    const doing =
      effect.type === 'run-agent' ? agent?.doing : effect.type === 'run-gate' ? `gate ${effect.gate}` : undefined;
    return doing === undefined ? [line] : [line, screen.line(['dim', `    ${plainLine(doing)}`])];
  });
  return lines.slice(0, Math.max(1, rows - 1));
}
