import { DashboardError } from './errors.ts';
import { openHouse } from './open-house.ts';
import { type Command, readCommand, usage } from './options.ts';
import { serve } from './serve.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How pawl is started: a program, and what comes before its own arguments. */
  readonly pawl: readonly string[];
  out(text: string): void;
  error(text: string): void;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** The program: serves until the signal, or does one thing with its users. Resolves to the exit code; never rejects. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await execute(readCommand(argv), surroundings);
  } catch (error) {
    if (!DashboardError.is(error)) {
      surroundings.error(`pawl: an error of pawl itself\n${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    }
    surroundings.error(`pawl: ${error.message}\n${error.hint === undefined ? '' : `  try: ${error.hint}\n`}`);
    return error.status < 500 ? 2 : 5;
  }
}

async function execute(command: Command, { env, cwd, pawl, out, error, signal }: Surroundings): Promise<number> {
  if (command.command === 'help') {
    out(usage);
    return 0;
  }
  const words = command.command === 'serve' ? command.options : undefined;
  const house = openHouse({
    env,
    cwd,
    pawl,
    readOnly: words?.readOnly ?? false,
    secure: words?.tls !== undefined || (words?.publicOrigin?.startsWith('https:') ?? false),
    names: words?.names ?? [],
    ...(words?.publicOrigin !== undefined && { publicOrigin: words.publicOrigin }),
    log: (text) => error(`pawl: ${text}\n`),
  });
  try {
    switch (command.command) {
      case 'version':
        out(`${house.version}\n`);
        return 0;
      case 'users':
        for (const { name, role } of house.tokens.guests()) out(`${name}  ${role}\n`);
        return 0;
      case 'add-user':
        out(`${house.tokens.add(command.name, command.role)}\n`);
        error(
          `${command.name} comes in as ${command.role} with this token: shown once, behind #token= of the address\n`,
        );
        return 0;
      case 'remove-user':
        if (house.tokens.remove(command.name)) return 0;
        throw new DashboardError(400, 'bad-option', `nobody is named ${command.name}`, 'pawl dashboard users');
      case 'serve': {
        const { host, port, tls, publicOrigin } = command.options;
        const listening = await serve(house, { host, port, ...(tls && { tls }) });
        house.listensOn(listening.port);
        const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
        const at = publicOrigin ?? `${tls ? 'https' : 'http'}://${shown}:${listening.port}`;
        out(`${at}/#token=${house.tokens.own}\n`);
        error(
          `the dashboard is at ${at}${command.options.readOnly ? ', and only shows' : ''}; Ctrl+C ends it, runs go on\n`,
        );
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve());
        });
        await listening.close();
        return 0;
      }
    }
  } finally {
    await house.store.close();
  }
}
