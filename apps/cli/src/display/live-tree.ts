import type { Cost } from '@pawl/core';
import {
  addMoney,
  cut,
  displayWidth,
  formatCount,
  formatDuration,
  formatMoney,
  formatTokens,
  moneyOf,
  plainLine,
  type RunningEffect,
  type RunReport,
  type StepReport,
  statusMarks,
  type TaskReport,
  verdictLine,
} from '@pawl/report';
import type { Piece, Screen } from '../terminal.ts';
import type { AgentLines } from './agent-lines.ts';
import { asLine } from './lines.ts';

export interface TreeView {
  readonly report: RunReport;
  readonly agents: ReadonlyMap<string, AgentLines>;
  readonly screen: Screen;
  /** What turns. */
  readonly mark: string;
  readonly now: number;
  /** The step that keys are about. */
  readonly selected: string | undefined;
  /** Below everything: what keys do, or what was asked. */
  readonly note: string | undefined;
  readonly pausing: boolean;
}

type Node = StepReport | TaskReport;
/** The lower the rank, the longer it stays where there is no room for all. Only what has room is laid out. */
interface Line {
  readonly rank: 0 | 1 | 2 | 3 | 4;
  readonly text: () => string;
  /** The same where what it lies in is not shown: it says itself where it belongs. */
  readonly alone?: () => string;
}

/** What is looked up of a step for each frame. */
interface Frame extends TreeView {
  /** What is at work, waits or is asked about, with all that it lies in. */
  readonly busy: ReadonlySet<string>;
  readonly effects: ReadonlyMap<string, readonly RunningEffect[]>;
  readonly queued: ReadonlySet<string>;
}

/** The steps at work in their places, what surrounds them, and the sum of it all; with many at work, those that there is room for. */
export function treeLines(view: TreeView): readonly string[] {
  const { report, screen, note } = view;
  const busy = busyPaths(report);
  if (busy.size === 0 && note === undefined) return [];
  const effects = Map.groupBy(report.running, ({ step }) => step);
  const queued = new Set(report.queued.map(({ step }) => step));
  const lines = siblings(report.steps, 0, { ...view, busy, effects, queued });
  const foot: Line = { rank: 0, text: () => footLine(view) };
  const notes = note === undefined ? [] : [{ rank: 0 as const, text: () => screen.line(['yellow', note]) }];
  return fitted([...lines, foot, ...notes], roomFor(screen.rows), screen);
}

/** What was told above it stays in sight: the log, the changes or the help that a key has asked for. */
const roomFor = (rows: number): number => Math.max(2, Math.min(rows - 1, Math.max(Math.ceil(rows / 2), rows - 12)));

/** The steps that can be selected: those at work, in the order of the tree. */
export function atWork(report: RunReport): readonly string[] {
  const running = new Set(report.running.map(({ step }) => step));
  if (running.size === 0) return [];
  const busy = busyPaths(report);
  const within = (nodes: readonly Node[]): readonly string[] =>
    nodes
      .filter(({ path }) => busy.has(path))
      .flatMap((node) => [node.path, ...('tasks' in node ? within(node.tasks) : []), ...within(node.steps)]);
  return within(report.steps).filter((path) => running.has(path));
}

function busyPaths({ running, queued }: RunReport): ReadonlySet<string> {
  const busy = new Set<string>();
  for (const { step } of [...running, ...queued])
    for (let path = step; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) busy.add(path);
  return busy;
}

function siblings(nodes: readonly Node[], depth: number, frame: Frame): readonly Line[] {
  const { screen, busy } = frame;
  const indent = '  '.repeat(Math.min(depth, 6));
  const inside: Node[] = [];
  const named: Record<string, Node[]> = { passed: [], failed: [], pending: [] };
  for (const node of nodes) {
    const others = named[node.status];
    // Each takes three columns at least; of ten thousand tasks most are not looked at any further.
    if (busy.has(node.path)) inside.push(node);
    else if (others !== undefined && others.length <= screen.room) others.push(node);
  }
  const list = (status: 'passed' | 'failed' | 'pending'): readonly Line[] => {
    const listed = named[status] ?? [];
    if (listed.length === 0) return [];
    const names = () => listed.map(({ name }) => plainLine(name)).join(', ');
    const text = () => screen.line(['dim', `${indent}${statusMarks[status]} ${names()}`]);
    return [{ rank: status === 'failed' ? 2 : 4, text }];
  };
  return [
    ...list('passed'),
    ...list('failed'),
    ...inside.flatMap((node) => nodeLines(node, depth, frame)),
    ...list('pending'),
  ];
}

function nodeLines(node: Node, depth: number, frame: Frame): readonly Line[] {
  const tasks = 'tasks' in node ? node.tasks : [];
  const inner = [...siblings(tasks, depth + 1, frame), ...siblings(node.steps, depth + 1, frame)];
  const effects = frame.effects.get(node.path) ?? [];
  if ('tasks' in node && (effects.length > 0 || frame.queued.has(node.path)))
    return [...leafLines(node, depth, effects, frame), ...inner];
  const indent = '  '.repeat(Math.min(depth, 6));
  const { screen } = frame;
  const text = (): string => {
    const passed = tasks.filter(({ status }) => status === 'passed').length;
    const about = tasks.length > 0 ? `  ${passed} of ${formatCount(tasks.length, 'task')}` : '';
    return screen.line(indent, ['cyan', '▸'], ` ${plainLine(node.name)}`, ['dim', about]);
  };
  return [{ rank: 1, text }, ...inner];
}

function leafLines(step: StepReport, depth: number, effects: readonly RunningEffect[], frame: Frame): readonly Line[] {
  const { screen, mark, selected } = frame;
  const indent = '  '.repeat(Math.min(depth, 6));
  const asking = effects.some(({ type }) => type === 'ask');
  const waiting = effects.length === 0;
  const head: readonly Piece[] = [
    asking ? ['yellow', '?'] : waiting ? ['dim', '…'] : ['cyan', mark],
    step.path === selected && frame.effects.size > 1 ? ['bold', '›'] : ' ',
  ];
  const figures = () => figuresOf(step, effects, frame);
  const text = () => fill([indent, ...head], plainLine(step.name), figures(), screen);
  const alone = () => fill(head, plainLine(asLine(step).name), figures(), screen);
  const gates = step.attempts.at(-1)?.gates ?? [];
  const below = `${indent}    `;
  const gateLine = (): string => {
    const shown = gates.flatMap(({ name, status }): readonly Piece[] => {
      const [style, sign] =
        status === 'running' ? (['cyan', mark] as const) : ([styleOf[status], statusMarks[status]] as const);
      return [[style, sign], ` ${plainLine(name)}  `];
    });
    return screen.line(below, ...shown).trimEnd();
  };
  const agent = frame.agents.get(step.path);
  const doing = effects.some(({ type }) => type === 'run-agent') ? agent?.doing : undefined;
  return [
    { rank: 0, text, alone },
    ...(gates.length > 0 ? [{ rank: 3 as const, text: gateLine }] : []),
    ...(doing === undefined
      ? []
      : [{ rank: 2 as const, text: () => screen.line(['dim', `${below}${plainLine(doing)}`]) }]),
  ];
}

const styleOf = { passed: 'green', failed: 'red', skipped: 'dim', stopped: 'yellow' } as const;

interface Figure {
  /** The highest goes first where there is no room. */
  readonly rank: number;
  readonly text: string;
}

function figuresOf(step: StepReport, effects: readonly RunningEffect[], view: TreeView): readonly Figure[] {
  const { agents, now } = view;
  const attempt = step.attempts.at(-1);
  const running = effects.some(({ type }) => type === 'run-agent');
  const agent = running ? agents.get(step.path) : undefined;
  const usage = agent?.usage;
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  const cost = costNow(step, agent?.cost);
  const other = effects.find(({ type }) => type !== 'run-agent' && type !== 'run-gate');
  const figure = (rank: number, text: string | undefined): readonly Figure[] =>
    text === undefined ? [] : [{ rank, text }];
  return [
    ...figure(2, step.agent === undefined ? undefined : plainLine(step.agent)),
    ...figure(3, attempt && attempt.attempt > 1 ? `attempt ${attempt.attempt}` : undefined),
    ...figure(2, effects.length === 0 ? 'waits for room' : other && doing(other, now)),
    ...figure(5, agent?.label),
    ...figure(6, agent && agent.actions > 0 ? formatCount(agent.actions, 'action') : undefined),
    ...figure(8, usage?.turns === undefined ? undefined : formatCount(usage.turns, 'turn')),
    ...figure(4, tokens > 0 ? `${formatTokens(tokens)} tokens` : undefined),
    ...figure(7, agent?.context),
    ...figure(1, cost),
    ...figure(0, step.startedAt === undefined ? undefined : formatDuration(Math.max(0, now - step.startedAt))),
  ];
}

/** Of the attempts before, and of the turn under way: `$?` while nobody knows what that has cost so far. */
function costNow({ totals }: StepReport, turn: Cost | undefined): string | undefined {
  const before = totals.agentRuns > 0;
  if (turn?.state === 'unknown') return before ? `${formatMoney(totals.cost, { short: true })} + $?` : '$?';
  if (!before && turn === undefined) return undefined;
  return formatMoney(turn ? addMoney(totals.cost, moneyOf(turn)) : totals.cost, { short: true });
}

function doing({ type, until }: RunningEffect, now: number): string | undefined {
  return until === undefined ? doingNow[type] : `${doingNow[type]} ${formatDuration(Math.max(0, until - now))}`;
}

const doingNow: Readonly<Record<string, string>> = {
  ask: 'waits for you',
  checkpoint: 'recording',
  reset: 'putting files back',
  merge: 'merging',
  advance: 'committing',
  'open-worktree': 'making a worktree',
  'close-worktree': 'taking a worktree away',
  'await-provider': 'goes on in',
};

/** A figure is shown whole or not at all; the name gives way to what is left. */
function fill(head: readonly Piece[], name: string, figures: readonly Figure[], screen: Screen): string {
  const used = head.reduce((sum, piece) => sum + displayWidth(typeof piece === 'string' ? piece : piece[1]), 0);
  const room = screen.room - used;
  const shown = [...figures];
  const wide = () => shown.reduce((sum, { text }) => sum + displayWidth(text) + 2, 0);
  while (shown.length > 0 && Math.min(displayWidth(name), 14) + wide() > room)
    shown.splice(
      shown.reduce((worst, one, index) => (one.rank > (shown[worst]?.rank ?? -1) ? index : worst), 0),
      1,
    );
  const rest = shown.map(({ text }) => `  ${text}`).join('');
  return screen.line(...head, ['bold', cut(name, Math.max(1, room - displayWidth(rest)))], rest);
}

function footLine({ report, screen, now, pausing }: TreeView): string {
  const verdict = verdictLine(report, { width: screen.room, color: screen.color, now });
  const hint = pausing ? '  pausing' : '';
  return displayWidth(verdict) + hint.length > screen.room ? verdict : `${verdict}${screen.color('yellow', hint)}`;
}

/** What matters least goes first; of too many steps at work the last are counted. */
function fitted(lines: readonly Line[], rows: number, screen: Screen): readonly string[] {
  let kept = lines;
  for (const rank of [4, 3, 2] as const) {
    if (kept.length <= rows) break;
    const gone = new Set(kept.filter((line) => line.rank === rank).slice(0, kept.length - rows));
    kept = kept.filter((line) => !gone.has(line));
  }
  // What the steps lie in is shown whole or not at all.
  if (kept.length > rows)
    kept = kept.filter(({ rank }) => rank !== 1).map((line) => ({ ...line, text: line.alone ?? line.text }));
  if (kept.length <= rows) return kept.map(({ text }) => text());
  const foot = kept.slice(-1);
  const shown = kept.slice(0, rows - 2);
  const more = kept.length - 1 - shown.length;
  return [
    ...shown.map(({ text }) => text()),
    screen.line(['dim', `  and ${more} more`]),
    ...foot.map(({ text }) => text()),
  ];
}
