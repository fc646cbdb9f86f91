import type { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';

/** One command as it is declared: what the reference, the manual page and the completion are made of. */
export interface CommandEntry {
  /** `pawl workflows show`. */
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  /** What stands below its help. */
  readonly notes: string;
}

/** Every command that does something, in the order in which it is declared. */
export function entriesOf(command: Command, above = ''): readonly CommandEntry[] {
  const name = `${above}${above === '' ? '' : ' '}${command.name()}`;
  const inner = command.commands.flatMap((child) => entriesOf(child, name));
  if (command.commands.length > 0 && above === '') return inner;
  const own: CommandEntry = {
    name,
    usage: [
      name,
      ...command.registeredArguments.map(argumentText),
      ...(command.options.length > 0 ? ['[options]'] : []),
    ].join(' '),
    description: command.description(),
    options: command.options.map(optionEntry),
    notes: notesOf(command),
  };
  return [own, ...inner];
}

const argumentText = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

function optionEntry({ flags, description, defaultValue }: Option): CommandEntry['options'][number] {
  const otherwise = defaultValue === undefined ? '' : ` (default ${JSON.stringify(defaultValue)})`;
  return { flags, description: `${description}${otherwise}` };
}

/** As wide as a page of the reference. */
const notesWidth = 100;

function notesOf(command: Command): string {
  command.configureOutput({ getOutHelpWidth: () => notesWidth });
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  // What addHelpText added hears of the help event, as it is written.
  (command as unknown as EventEmitter).emit('afterHelp', { error: false, command, write });
  return text.trim();
}
