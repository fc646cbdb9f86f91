import type { Activity, AnswerClass } from '@pawl/core';
import type { AgentEvent, ToolKind } from '@pawl/provider';
import { CallWatch } from './calls.ts';
import { ContextWatch } from './context-watch.ts';

/** Watches one turn. `see` costs the same for each event; `current` tells what was counted up to now. */
export interface ActivityMeter {
  /** `at`: milliseconds of any clock. Nothing of the event is kept. */
  see(event: AgentEvent, at: number): void;
  /** The class of the answer that is under way, or of the newest one; undefined before the first. */
  readonly answer: AnswerClass | undefined;
  current(): Activity;
}

/** A silence of so long is a stall. */
const stallMs = 60_000;

const classes: Readonly<Record<ToolKind, AnswerClass>> = {
  edit: 'coding',
  execute: 'running',
  read: 'exploring',
  search: 'exploring',
  fetch: 'exploring',
  delegate: 'delegating',
  think: 'thinking',
  other: 'other',
};
/** The first that an answer did is its class. */
const order: readonly AnswerClass[] = ['coding', 'running', 'exploring', 'delegating', 'other', 'talking', 'thinking'];

/** The figures of a turn that its events tell; `docs/metrics.md` defines each of them. */
export function createActivityMeter(): ActivityMeter {
  const calls = new CallWatch();
  const context = new ContextWatch();
  const answers: Partial<Record<AnswerClass, number>> = {};
  let answer = new Set<AnswerClass>();
  let answered = false;
  let startedAt: number | undefined;
  let lastAt: number | undefined;
  let firstEditMs: number | undefined;
  const counted = { stalls: 0, stalledMs: 0, modelRetries: 0, compactions: 0 };

  const classNow = (): AnswerClass | undefined => order.find((each) => answer.has(each));
  const closeAnswer = (): void => {
    const told = classNow();
    if (told !== undefined) answers[told] = (answers[told] ?? 0) + 1;
    answer = new Set();
    answered = false;
  };
  /** What comes after the result of a tool is another answer. */
  const did = (what: AnswerClass): void => {
    if (answered) closeAnswer();
    answer.add(what);
  };
  const pass = (at: number): void => {
    startedAt ??= at;
    const silent = at - (lastAt ?? at);
    if (silent >= stallMs && !calls.working) {
      counted.stalls += 1;
      counted.stalledMs += silent;
    }
    lastAt = at;
  };
  return {
    see(event, at) {
      pass(at);
      switch (event.type) {
        case 'text-start':
          did('talking');
          break;
        case 'reasoning-start':
          did('thinking');
          break;
        case 'tool-call':
          if (event.parent === undefined) did(classes[event.kind]);
          calls.begin(event);
          break;
        case 'tool-result': {
          const call = calls.end(event.id, event.status);
          if (call && !call.ofSubAgent) answered = true;
          if (event.status === 'ok' && call?.kind === 'edit') firstEditMs ??= Math.max(0, at - (startedAt ?? at));
          break;
        }
        case 'usage-update':
        case 'turn-end':
          context.see(event);
          break;
        case 'retry-notice':
          counted.modelRetries += 1;
          break;
        case 'compaction':
          counted.compactions += 1;
          break;
      }
    },
    get answer() {
      return classNow();
    },
    current() {
      const open = classNow();
      const use = context.use();
      return {
        answers: open === undefined ? { ...answers } : { ...answers, [open]: (answers[open] ?? 0) + 1 },
        ...calls.figures(),
        ...counted,
        ...(firstEditMs !== undefined && { firstEditMs }),
        ...(use && { context: use }),
      };
    },
  };
}
