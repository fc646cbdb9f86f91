import type { Command } from 'commander';
import { type Act, below, collect } from './act.ts';

export function declareDashboard(program: Command, act: Act): void {
  program
    .command('dashboard [words...]')
    .description('see and steer the runs of this machine from a browser')
    .option('--port <n>', 'where it listens: 4310; 0 takes any that is free')
    .option('--read-only', 'show everything, act on nothing')
    .option('--host <address>', 'listen elsewhere than on loopback; needs TLS, here or in a proxy')
    .option('--allow-host <name>', 'a name that this machine is called by; may be repeated', collect)
    .option('--public-url <url>', 'the address that people use, where a proxy with TLS stands in front')
    .option('--tls-cert <file>', 'serve TLS with this certificate')
    .option('--tls-key <file>', 'and this key')
    .option('--role <role>', 'with users add: viewer or operator')
    .addHelpText('after', below(notes))
    .action(
      act(async (context, words: readonly string[], options) =>
        (await import('../commands/dashboard.ts')).dashboard(context, words, options),
      ),
    );
}

const notes = `
It prints an address that signs you in. Others come in with a token of their own:
  pawl dashboard users                               who may come in
  pawl dashboard users add ada --role viewer         prints the token, once
  pawl dashboard users remove ada`;
