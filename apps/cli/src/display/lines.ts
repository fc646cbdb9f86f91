import type { AttemptStarted, Outcome, Plan, RunEvent } from '@pawl/core';
import {
  askedWhen,
  formatDuration,
  type Projection,
  plainLine,
  type StepReport,
  stepLine,
  verdictLine,
} from '@pawl/report';
import type { Screen } from '../terminal.ts';
import { failureLines, gateLines } from './failure-lines.ts';

/** Of a plan's tasks, in one line. */
const mostNamed = 50;

type Settled = RunEvent & { readonly type: 'effect-settled' };

/**
 * What a person is told of a run as it goes, line by line: the same with and without a live region below. One line a
 * step when it ends, one for each attempt and gate. Lanes run side by side: a line says by the step's path whose it is.
 */
export function linesOf(event: RunEvent, projection: Projection, screen: Screen, verbose: boolean): readonly string[] {
  const { color, room } = screen;
  switch (event.type) {
    case 'run-started':
      return header(event.run, event.plan, screen);
    case 'attempt-started':
      return attemptHead(event, projection, screen);
    case 'effect-settled':
      return settledLines(event, projection, screen, verbose);
    case 'gate-decided':
      return gateLines(gateName(event.step, event.gate, projection), event.report, screen, verbose);
    case 'attempt-ended':
      return event.failure
        ? failureLines(attemptName(event.step, event.attempt, projection), event.failure, screen, verbose)
        : [];
    case 'tasks-planned': {
      const shown = event.tasks.slice(0, mostNamed).map((task) => plainLine(task.name));
      const more = event.tasks.length - shown.length;
      const names = [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join(', ');
      const count = event.tasks.length === 1 ? '1 task' : `${event.tasks.length} tasks`;
      return [screen.line(`  ${count}${names === '' ? '' : `: ${names}`}`)];
    }
    case 'frame-ended':
      return event.failure?.reason === 'conflict'
        ? screen.paragraph(['  ', ['red', '✗'], ' '], plainLine(event.failure.message))
        : [];
    case 'step-ended': {
      const step = projection.step(event.step);
      if (!step) return [];
      const why = event.end === 'skipped' ? [screen.color('dim', '  its condition does not hold')] : [];
      return [stepLine(asLine(step), { width: room, color, now: event.at }), ...why, ''];
    }
    case 'turn-queued':
      return screen.paragraph(
        [['dim', '  … ']],
        `${plainLine(event.step)} waits for room at ${plainLine(event.provider)}`,
        'dim',
      );
    case 'step-reopened':
      return [
        screen.line(['cyan', '▸'], ` ${plainLine(event.step)} `, [
          'dim',
          event.round === undefined ? '· goes on' : `· goes on, time ${event.round}`,
        ]),
      ];
    case 'warned':
      return screen.paragraph([['yellow', '  ! ']], plainLine(event.message), 'yellow');
    case 'pause-requested': {
      const by = event.by === undefined ? '' : ` by ${plainLine(event.by)}`;
      const what = event.wanted ? 'asks when its next step has passed its gates' : 'goes on without a pause';
      return screen.paragraph([['yellow', '‖ ']], `the run ${what}${by}`, 'yellow');
    }
    case 'abort-requested':
      return stoppingLines(projection, screen, false);
    case 'run-resumed':
      return projection.current().running.flatMap(({ type, step, agent = '', until }) => {
        if (until !== undefined) {
          const left = formatDuration(Math.max(0, until - event.at));
          return [screen.line(['dim', '… '], plainLine(step), ['dim', ` · ${plainLine(agent)} · goes on in ${left}`])];
        }
        const facts = ['dim', `· ${plainLine(agent)} · goes on`] as const;
        return type === 'run-agent' ? [screen.line(['cyan', '▸'], ` ${plainLine(step)} `, facts)] : [];
      });
    case 'effect-requested': {
      const { effect } = event;
      if (effect.type !== 'ask') return [];
      return [
        screen.line(['yellow', '?'], ` ${plainLine(effect.step)} `, [
          'dim',
          `· waits for a person ${askedWhen[effect.question]}`,
        ]),
      ];
    }
    case 'run-ended': {
      const verdict = verdictLine(projection.current(), { width: room, color, now: event.at });
      if (!event.failure) return [verdict];
      const { step, message } = event.failure;
      const where = step === '' ? '' : `${plainLine(step)}: `;
      return [verdict, ...screen.paragraph(['  '], `${where}${plainLine(message)}`, 'red')];
    }
    default:
      return [];
  }
}

/** `interrupted`: what it asks is not let go. */
export function stoppingLines(projection: Projection, screen: Screen, interrupted: boolean): readonly string[] {
  const { running, waiting } = projection.current();
  const works = running.some(({ type }) => type !== 'ask' && type !== 'await-provider');
  const what = [
    ...(works ? ['agents end, what they left is recorded'] : []),
    ...(interrupted && waiting.length > 0 ? [waiting.length === 1 ? 'its question stays' : 'its questions stay'] : []),
  ];
  if (what.length === 0) return [];
  return screen.paragraph([], `stopping: ${what.join(', ')}${works ? ' (once more to stop at once)' : ''}`, 'yellow');
}

function settledLines(
  { effect, outcome }: Settled,
  projection: Projection,
  screen: Screen,
  verbose: boolean,
): readonly string[] {
  const { color } = screen;
  switch (outcome.kind) {
    case 'worktree-opened':
      // Whole, so that it can be copied: a terminal breaks it where it ends.
      return stepOf(effect) === '' ? [color('dim', `  worktree ${plainLine(outcome.path)}`), ''] : [];
    case 'gate-ended': {
      const name = /\/gate:(.*?)(\.(answered|again)\d*)?$/.exec(effect)?.[1] ?? 'gate';
      return gateLines(gateName(stepOf(effect), name, projection), outcome.report, screen, verbose);
    }
    case 'merged':
      return [screen.line('  ', ['green', '⇐'], ` ${plainLine(mergedUnit(effect, projection))} `, ['dim', 'merged'])];
    case 'conflict-staged': {
      const where = outcome.files.slice(0, 10).map(plainLine).join(', ');
      const unit = plainLine(mergedUnit(effect, projection));
      return screen.paragraph(
        ['  ', ['yellow', '≠'], ' '],
        `${unit} conflicts with what was merged before it in ${where}`,
      );
    }
    case 'answered':
      return screen.paragraph(['  ', ['yellow', '?'], ' '], answerText(outcome.answer));
    default:
      return [];
  }
}

/** `<step path>@<generation>#<attempt>/<what>`. */
const stepOf = (effect: string): string => effect.slice(0, effect.lastIndexOf('#')).replace(/@\d+$/, '');

/** The task, or the step of the group, whose lane came in. */
function mergedUnit(effect: string, projection: Projection): string {
  const index = Number(/\/(?:merge|stage-conflict):(\d+)/.exec(effect)?.[1]);
  const step = projection.step(stepOf(effect));
  const unit = step?.tasks[index] ?? step?.steps.filter(({ serves }) => serves === undefined)[index];
  return unit?.path ?? stepOf(effect);
}

function answerText({ choice, comment, by }: (Outcome & { kind: 'answered' })['answer']): string {
  const who = by === undefined ? 'somebody' : plainLine(by);
  return `${who}: ${choice}${comment === undefined ? '' : `, ${plainLine(comment)}`}`;
}

/** With lanes side by side the lines of different steps lie between each other. */
const isSideBySide = (step: string, projection: Projection): boolean => {
  const lane = projection.step(step)?.lane;
  return lane !== undefined && lane !== 'main';
};

const gateName = (step: string, gate: string, projection: Projection): string =>
  isSideBySide(step, projection) ? `${plainLine(step)} ${plainLine(gate)}` : plainLine(gate);

const attemptName = (step: string, attempt: number, projection: Projection): string =>
  isSideBySide(step, projection) ? `${plainLine(step)} attempt ${attempt}` : `attempt ${attempt}`;

/** Its gates stand above it already; its task, or else its path, says where it belongs. */
export const asLine = (step: StepReport): StepReport => ({
  ...step,
  name: step.task === undefined ? step.path : `${step.task}/${step.name}`,
  attempts: step.attempts.map((attempt) => ({ ...attempt, gates: [] })),
});

function header(run: string, plan: Plan, screen: Screen): readonly string[] {
  const { base, workflow, spec, limits } = plan;
  const facts = [
    `spec ${spec.source}`,
    `base ${base.branch ?? 'detached'}@${base.commit.slice(0, 8)}`,
    ...(limits.costUsd === undefined ? [] : [`at most $${limits.costUsd}`]),
    ...(limits.tokens === undefined ? [] : [`at most ${limits.tokens} tokens`]),
    ...(limits.wallMs === undefined ? [] : [`at most ${formatDuration(limits.wallMs)}`]),
  ];
  return [
    screen.line(['bold', plainLine(workflow.name)], ['dim', ` run ${run}`]),
    ...screen.paragraph(['  '], plainLine(facts.join(' · ')), 'dim'),
  ];
}

/** Steps that only hold or check others say something when they end. */
function attemptHead(event: AttemptStarted, projection: Projection, screen: Screen): readonly string[] {
  const step = projection.step(event.step);
  if (event.agent === undefined && event.attempt === 1 && step?.kind !== 'gate' && step?.kind !== 'call') return [];
  const facts = [
    event.agent ?? step?.kind ?? '',
    event.attempt > 1 ? `attempt ${event.attempt}` : '',
    sessionOf(event),
  ];
  const told = facts.filter((fact) => fact !== '').join(' · ');
  return [
    screen.line(event.attempt > 1 ? ['yellow', '↻'] : ['cyan', '▸'], ` ${plainLine(event.step)} `, [
      'dim',
      `· ${plainLine(told)}`,
    ]),
  ];
}

function sessionOf({ session }: AttemptStarted): string {
  if (session?.mode === 'from') return `session from ${session.step}`;
  if (session?.mode === 'fork') return `a copy of the session of ${session.step}`;
  return session?.mode === 'kept' ? 'same session' : '';
}
