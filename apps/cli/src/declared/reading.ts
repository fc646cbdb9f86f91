import type { Command } from 'commander';
import { type Act, type Id, json, whole } from './act.ts';

/** Commands that only look. */
export function declareReading(program: Command, act: Act): void {
  program
    .command('status [run]')
    .description('where a run stands')
    .option(...json)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/status.ts')).status(context, run, options)),
    );
  program
    .command('list')
    .description('the newest runs of this repository')
    .option('--all', 'of all repositories')
    .option('--tag <tag>', 'with this tag')
    .option('--limit <n>', 'how many, 1 to 1000', whole('--limit', 1, 1000), 20)
    .option(...json)
    .action(act(async (context, options) => (await import('../commands/list.ts')).list(context, options)));
  program
    .command('report [run]')
    .description('what a run did, took and cost')
    .option('--detail <step>', 'one step with every attempt: its path, or the end of it (green, auth/green)')
    .option('--last <n>', 'the newest n runs together, 1 to 1000', whole('--last', 1, 1000))
    .option('--all', 'with --last: of all repositories')
    .option('--compare <runs...>', 'two runs side by side')
    .option('--format <format>', 'text, json, markdown or html (one file with charts)', 'text')
    .option('--json', 'the same as --format json')
    .action(
      act(async (context, run: Id, options) => (await import('../commands/report.ts')).report(context, run, options)),
    );
  program
    .command('explain [step]')
    .description('why a run or a step waits, failed, was tried again or handed on')
    .option('--run <id>', 'which run; the newest of this repository otherwise')
    .option(...json)
    .action(
      act(async (context, step: string | undefined, options) =>
        (await import('../commands/explain.ts')).explain(context, step, options),
      ),
    );
  program
    .command('diff [run]')
    .description('what the passed steps of a run changed, as a patch')
    .option('--step <step>', 'instead: the newest attempt of this step, as it was recorded')
    .option('--stat', 'files and counts of lines only')
    .option(...json)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/diff.ts')).diff(context, run, options)),
    );
  program
    .command('agents')
    .description('which agents can be used here, and what is missing')
    .option(...json)
    .action(act(async (context, options) => (await import('../commands/agents.ts')).agents(context, options)));
}
