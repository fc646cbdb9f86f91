import type { Answer, StepPath } from './effects.ts';

/** What may be asked of a run while a process has it in hand, by anyone who can write its store. */
export type Control =
  | { readonly type: 'abort'; readonly reason?: string; readonly by?: string }
  /** The turn, the gate or the question of this step, and of those inside it, ends; what was left is recorded; it fails. */
  | { readonly type: 'abort-step'; readonly step: StepPath; readonly reason?: string; readonly by?: string }
  /** The next steps that reach the end of their gates ask a person; `wanted: false` takes it back. */
  | { readonly type: 'pause'; readonly wanted: boolean; readonly by?: string }
  /** `step` may be left out where one question is open. */
  | { readonly type: 'answer'; readonly step?: StepPath; readonly answer: Answer };

/** How a request was met. A refusal changes nothing; its message says what would work. */
export type ControlEnd =
  | { readonly done: true }
  | { readonly done: false; readonly code: string; readonly message: string };

/** A stored request, if it is one: another version, or another program, may have written it. */
export function readControl(value: unknown): Control | undefined {
  if (!isObject(value) || !areTexts(value.reason, value.by, value.step)) return undefined;
  switch (value.type) {
    case 'abort':
      return value as unknown as Control;
    case 'abort-step':
      return typeof value.step === 'string' ? (value as unknown as Control) : undefined;
    case 'pause':
      return typeof value.wanted === 'boolean' ? (value as unknown as Control) : undefined;
    case 'answer':
      return isAnswer(value.answer) ? (value as unknown as Control) : undefined;
    default:
      return undefined;
  }
}

const choices: ReadonlySet<unknown> = new Set(['continue', 'retry', 'abort']);

export const isAnswer = (answer: unknown): boolean =>
  isObject(answer) && choices.has(answer.choice) && areTexts(answer.tree, answer.comment, answer.by);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const areTexts = (...values: readonly unknown[]): boolean =>
  values.every((value) => value === undefined || value === null || typeof value === 'string');
