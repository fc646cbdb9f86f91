import type { Command } from 'commander';
import { type Act, type Id, json, whole } from './act.ts';

/** Commands that bring work over, back, or away. */
export function declareChanges(program: Command, act: Act): void {
  program
    .command('apply [run]')
    .description('bring a passed run to the branch that is checked out')
    .option('--dry-run', 'show commits, files and conflicts; change nothing')
    .option('--squash', 'as one commit')
    .option('--rebase', 'each commit again, on top of the branch')
    .option('--branch <name>', 'into this branch instead; your checkout stays as it is')
    .option(...json)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/apply.ts')).apply(context, run, options)),
    );
  program
    .command('undo [checkpoint]')
    .description('what pawl has saved before it changed anything; with a name: bring it back')
    .option('--run <id>', 'only of this run')
    .option('--branch <name>', 'bring it back as this branch')
    .option('--worktree', "bring it back into the run's own worktree")
    .option('--limit <n>', 'how many are listed, 1 to 1000', whole('--limit', 1, 1000), 20)
    .option(...json)
    .action(
      act(async (context, checkpoint: string | undefined, options) =>
        (await import('../commands/undo.ts')).undoOrList(context, checkpoint, options),
      ),
    );
  program
    .command('gc')
    .description('take away worktrees that nobody needs any more')
    .option('--plan', 'show what would be done; change nothing')
    .option('--all', 'of all repositories')
    .option('--force', 'also what is dirty, unmerged or could be resumed; a checkpoint keeps it')
    .option('--days <n>', 'let go of checkpoints that are older, 1 to 3650', whole('--days', 1, 3650), 30)
    .option(...json)
    .action(act(async (context, options) => (await import('../commands/gc.ts')).collectGarbage(context, options)));
}
