import type { Command } from 'commander';
import { type Act, json } from './act.ts';

const schema = ['--schema', 'the JSON Schema of a workflow file, for editors'] as const;

export function declareWorkflows(program: Command, act: Act): void {
  const workflows = program
    .command('workflows')
    .description('list, show, write and check the workflows that can be run here');
  workflows
    .command('list', { isDefault: true })
    .description('by name, with where they come from')
    .option(...schema)
    .option(...json)
    .action(act(async (context, options) => (await import('../commands/workflows.ts')).listAll(context, options)));
  workflows
    .command('show [name]')
    .description('the text of one')
    .option(...schema)
    .option(...json)
    .action(
      act(async (context, name: string | undefined, options) =>
        (await import('../commands/workflows.ts')).show(context, name, options),
      ),
    );
  workflows
    .command('new <name>')
    .description('write one to begin with, and the schema that an editor completes it by')
    .option('--from <workflow>', 'as a copy of another one')
    .option(...json)
    .action(
      act(async (context, name: string, options) =>
        (await import('../commands/new-workflow.ts')).create(context, name, options),
      ),
    );
  workflows
    .command('check [names...]')
    .description('everything wrong with them; without a name, with all that can be run here')
    .option(...json)
    .action(
      act(async (context, names: string[], options) =>
        (await import('../commands/workflows.ts')).check(context, names, options),
      ),
    );
}
