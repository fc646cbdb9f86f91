import { wrap } from '@pawl/report';
import type { AddHelpTextContext } from 'commander';
import type { Context } from '../context.ts';
import { fold } from '../display/fold.ts';
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

/** Text below a command's help: its paragraphs are broken where the help is; what is indented stays a line of its own. */
export const below =
  (text: string) =>
  ({ command }: AddHelpTextContext): string => {
    const width = command.configureOutput().getOutHelpWidth?.() ?? 80;
    const lines = text.replace(/(?<=^\S.*)\n(?=\S)/gm, ' ').split('\n');
    return lines.map((line) => (line.startsWith(' ') ? fold(line, width) : wrap(line, width).join('\n'))).join('\n');
  };
