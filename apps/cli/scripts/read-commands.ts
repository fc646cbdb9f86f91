// node --conditions=@pawl/source apps/cli/scripts/read-commands.ts < words.json: what the program has, and how it reads each
// list of words, without doing anything. For tests of what shows commands to people.
import { json } from 'node:stream/consumers';
import type { Command } from 'commander';
import { entriesOf } from '../src/help/reference.ts';
import { configure, withCommands } from '../src/program.ts';

type Read = { readonly command: string; readonly args: readonly string[]; readonly options: object };

const silent = { write: () => true } as unknown as NodeJS.WriteStream;

async function read(words: readonly string[]): Promise<Read | { readonly refused: string }> {
  let found: Read | undefined;
  const program = withCommands(() => async (...given: readonly unknown[]) => {
    const command = given.at(-1) as Command;
    const above = command.parent === program ? '' : `${command.parent?.name()} `;
    found = { command: `${above}${command.name()}`, args: command.args, options: command.opts() };
  });
  configure(program, { stdout: silent });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return found ?? { refused: 'it names no command' };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

const asked = (await json(process.stdin)) as readonly (readonly string[])[];
const entries = entriesOf(withCommands(() => async () => undefined)).map(({ name, options }) => ({
  name,
  options: options.map(({ flags }) => flags),
}));
process.stdout.write(JSON.stringify({ entries, read: await Promise.all(asked.map(read)) }));
