import type { Context } from '../context.ts';
import { CliError } from '../exit.ts';

/** Makes an action of commander's out of one of ours. */
export type Act = <A extends unknown[]>(
  action: (context: Context, ...args: A) => Promise<number>,
) => (...args: A) => Promise<void>;

/** A run's, or its beginning. */
export type Id = string | undefined;

export const json = ['--json', 'data on standard output'] as const;

/** An option that may be repeated. */
export const collect = (value: string, all: readonly string[] = []): readonly string[] => [...all, value];

export const whole =
  (option: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most && text.trim() !== '') return value;
    throw new CliError('usage', 'bad-number', `${option} takes a whole number from ${least} to ${most}, not ${text}`);
  };
