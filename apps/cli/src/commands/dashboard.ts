import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Context } from '../context.ts';
import { CliError } from '../exit.ts';
import { untilStopped } from '../signals.ts';

export interface DashboardOptions {
  readonly host?: string;
  readonly port?: string;
  readonly readOnly?: boolean;
  readonly allowHost?: readonly string[];
  readonly publicUrl?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly role?: string;
}

/** What the dashboard's program exports. It is not imported by name: nobody depends on an app. */
interface Dashboard {
  main(
    argv: readonly string[],
    surroundings: {
      readonly env: NodeJS.ProcessEnv;
      readonly cwd: string;
      readonly pawl: readonly string[];
      out(text: string): void;
      error(text: string): void;
      readonly signal: AbortSignal;
    },
  ): Promise<number>;
}

/** Serves the dashboard until it is stopped; it starts this same pawl for what is to be done. */
export async function dashboard(
  { env, cwd, terminal }: Context,
  words: readonly string[],
  options: DashboardOptions,
): Promise<number> {
  const { main } = (await import(programAt().href)) as Dashboard;
  const pawl = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
  return untilStopped((signal) =>
    main([...words, ...flagsOf(options)], {
      env,
      cwd,
      pawl,
      out: (text) => terminal.print(text.trimEnd()),
      error: (text) => terminal.say(text.trimEnd()),
      signal,
    }),
  );
}

/** Beside the bundle; in a checkout, the source of the app. */
function programAt(): URL {
  const bundled = join(import.meta.dirname, 'dashboard/server/start.js');
  if (existsSync(bundled)) return pathToFileURL(bundled);
  try {
    const folder = dirname(fileURLToPath(import.meta.resolve('@pawl/dashboard/package.json')));
    return pathToFileURL(join(folder, 'server/start.ts'));
  } catch (error) {
    const hint = 'npm install -g pawl@latest';
    throw new CliError('environment', 'not-installed', `the dashboard is not here: ${String(error)}`, hint);
  }
}

function flagsOf(options: DashboardOptions): readonly string[] {
  const { host, port, readOnly, allowHost = [], publicUrl, tlsCert, tlsKey, role } = options;
  const given = { host, port, 'public-url': publicUrl, 'tls-cert': tlsCert, 'tls-key': tlsKey, role };
  return [
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...allowHost.map((name) => `--allow-host=${name}`),
    ...(readOnly ? ['--read-only'] : []),
  ];
}
