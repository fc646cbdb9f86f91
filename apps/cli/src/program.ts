import { wrap } from '@pawl/report';
import { Command, type Help } from 'commander';
import type { Context, Surroundings } from './context.ts';
import type { Act } from './declared/act.ts';
import { declareChanges } from './declared/changes.ts';
import { declareDashboard } from './declared/dashboard.ts';
import { declareHouse } from './declared/house.ts';
import { declareReading } from './declared/reading.ts';
import { declareRuns } from './declared/runs.ts';
import { declareSessions } from './declared/sessions.ts';
import { declareWorkflows } from './declared/workflows.ts';
import { CliError, exitCodes } from './exit.ts';
import { version } from './version.ts';

/** Parses the words and runs the command that they name. Rejects with what went wrong. */
export async function execute(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let exit: number = exitCodes.passed;
  /** Each command's module is loaded when the command is called. */
  const act =
    <A extends unknown[]>(action: (context: Context, ...args: A) => Promise<number>) =>
    async (...args: A): Promise<void> => {
      const { openContext } = await import('./context.ts');
      exit = await action(openContext(surroundings, argv), ...args);
    };
  const program = withCommands(act);
  configure(program, surroundings);
  const [word] = argv;
  if (argv.length === 0 || (argv.length === 1 && (word === 'help' || word === '--help' || word === '-h'))) {
    const { overview } = await import('./help/overview.ts');
    surroundings.stdout.write(overview(program, helpWidth(surroundings)));
    return exitCodes.passed;
  }
  if (word === 'complete' && argv[1] === '--') {
    const [{ complete }, { openContext }] = await Promise.all([import('./complete.ts'), import('./context.ts')]);
    const words = await complete(program, argv.slice(2), openContext(surroundings));
    surroundings.stdout.write(words.map((each) => `${each}\n`).join(''));
    return exitCodes.passed;
  }
  if (argv[0] === 'help') {
    (await commandOf(program, argv.slice(1))).outputHelp();
    return exitCodes.passed;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    const { CommanderError } = await import('commander');
    // `--help` and `--version` end this way.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.passed;
    // `sessions shwo`: a group takes it for an argument of the command that it does where none is named.
    if (error instanceof CommanderError && error.code === 'commander.excessArguments') {
      const [group = '', named = ''] = argv;
      const inner = program.commands.find((command) => command.name() === group)?.commands ?? [];
      if (inner.length > 0 && !named.startsWith('-')) await commandOf(program, [group, named]);
    }
    throw error;
  }
  return exit;
}

/** All commands as they are declared; `act` makes of each what it does. */
export function withCommands(act: Act): Command {
  const program = new Command('pawl')
    .description('Runs coding agents by a workflow: each step in its own worktree, checked by gates.')
    .version(version, '-V, --version', 'the version');
  declareRuns(program, act);
  declareChanges(program, act);
  declareReading(program, act);
  declareSessions(program, act);
  declareWorkflows(program, act);
  declareHouse(program, act);
  declareDashboard(program, act);
  return program;
}

const helpWidth = ({ stdout }: Pick<Surroundings, 'stdout'>): number =>
  Math.min(100, (stdout.isTTY && stdout.columns) || 80);

/** An option or a command, and what it is for: beside it, or below where there is no room. */
function formatItem(term: string, termWidth: number, description: string, { helpWidth = 80 }: Help): string {
  const beside = helpWidth - termWidth - 4;
  if (beside >= leastBeside)
    return `  ${term.padEnd(termWidth)}  ${wrap(description, beside).join(`\n${' '.repeat(termWidth + 4)}`)}`.trimEnd();
  return [`  ${term}`, ...wrap(description, helpWidth - 6).map((line) => `      ${line}`)].join('\n');
}
const leastBeside = 18;

/** What subcommands do not inherit, for all of them. */
export function configure(command: Command, surroundings: Pick<Surroundings, 'stdout'>): void {
  const { stdout } = surroundings;
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => helpWidth({ stdout }),
      getOutHasColors: () => false,
    })
    .configureHelp({ formatItem })
    .helpOption('-h, --help', 'this text')
    .helpCommand(false)
    .allowExcessArguments(false)
    .showSuggestionAfterError();
  for (const child of command.commands) configure(child, surroundings);
}

/** The command that words such as `workflows show` name. */
async function commandOf(program: Command, words: readonly string[]): Promise<Command> {
  let command = program;
  for (const [index, word] of words.entries()) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) {
      const { didYouMean } = await import('./refusal.ts');
      const known = command.commands.map((each) => each.name());
      throw new CliError(
        'usage',
        'unknownCommand',
        `no command is named ${words.slice(0, index + 1).join(' ')}${didYouMean(word, known)}`,
        ['pawl help', ...words.slice(0, index)].join(' '),
      );
    }
    command = next;
  }
  return command;
}
