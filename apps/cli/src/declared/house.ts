import type { Command } from 'commander';
import { type Act, below, type Id, json } from './act.ts';

/** Commands that set pawl up, say what is missing, and help with the command line itself. */
export function declareHouse(program: Command, act: Act): void {
  program
    .command('init')
    .description('write .pawl/ with a first workflow that fits this project')
    .option('--agent <name>', 'the agent of that workflow; default: the first that is here')
    .option('-y, --yes', 'ask nothing, also in a terminal')
    .option(...json)
    .action(act(async (context, options) => (await import('../commands/init.ts')).init(context, options)));
  program
    .command('doctor')
    .description('what is there, what is missing, and the command that mends it')
    .option('--probe', 'ask each agent one small question, which may cost money')
    .option(...json)
    .action(act(async (context, options) => (await import('../commands/doctor.ts')).doctor(context, options)));
  program
    .command('models [agent]')
    .description('the models that can be named in a workflow')
    .option(...json)
    .action(
      act(async (context, agent: string | undefined, options) =>
        (await import('../commands/models.ts')).models(context, agent, options),
      ),
    );
  program
    .command('logs [run]')
    .description('what agents said and did, and how gates ended, in order')
    .option('--step <step>', 'only of this step, and what is inside it')
    .option('--gates', 'with all that gates printed')
    .option('-f, --follow', 'go on while the run is at work')
    .option(...json)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/logs.ts')).logs(context, run, options)),
    );
  declareConfig(program, act);
  program
    .command('completion <shell>')
    .description('a script that completes words for bash, zsh, fish or powershell')
    .addHelpText('after', below(completionNotes))
    .action(
      act(async (context, shell: string) => (await import('../commands/completion.ts')).completion(context, shell)),
    );
}

function declareConfig(program: Command, act: Act): void {
  const config = program.command('config').description('read and change .pawl/config.yaml of this repository');
  config
    .command('list', { isDefault: true })
    .description('all that is set, and what holds where nothing is')
    .option(...json)
    .action(act(async (context, options) => (await import('../commands/config.ts')).list(context, options)));
  config
    .command('get <key>')
    .description('one value: config get commands.test')
    .option(...json)
    .action(
      act(async (context, key: string, options) => (await import('../commands/config.ts')).get(context, key, options)),
    );
  config
    .command('set <key> [value]')
    .description('put one value, as YAML has it; comments and order stay')
    .option('--unset', 'take it away instead')
    .option(...json)
    .action(
      act(async (context, key: string, value: string | undefined, options) =>
        (await import('../commands/config.ts')).set(context, key, value, options),
      ),
    );
}

const completionNotes = `
  bash        pawl completion bash > ~/.local/share/bash-completion/completions/pawl
  zsh         pawl completion zsh > "\${fpath[1]}/_pawl"
  fish        pawl completion fish > ~/.config/fish/completions/pawl.fish
  powershell  pawl completion powershell >> $PROFILE`;
