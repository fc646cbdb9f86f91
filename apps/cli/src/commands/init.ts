import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { localWorktreeFiles, projectCommands } from '@pawl/runner';
import { hostFor } from '../compose.ts';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { initFiles, specName } from '../init-files.ts';

export interface InitOptions {
  readonly agent?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const maxBytes = 1024 * 1024;

/** Writes `.pawl/` with a first workflow that fits the project. What is there already stays as it is. */
export async function init(context: Context, options: InitOptions): Promise<number> {
  const { terminal } = context;
  const { root } = await context.repository();
  const commands = await projectCommands({
    read: (path) => localWorktreeFiles.read(root, path, maxBytes),
    names: () => readdir(root),
  });
  const usable = await usableAgents(context, root);
  const asks = !options.yes && !options.json && context.stdin?.isTTY === true && terminal.people.terminal;
  const agent = options.agent ?? (asks ? await ask(context, usable) : usable[0]);
  if (options.agent !== undefined && !usable.includes(options.agent.split('-')[0] ?? ''))
    terminal.say(`note: ${options.agent} cannot be used here yet: pawl agents`);
  const files = Object.entries(initFiles({ agent, commands }));
  const there = files.filter(([path]) => existsSync(join(root, path))).map(([path]) => path);
  const written = files.filter(([path]) => !there.includes(path));
  if (written.length === 0)
    throw new CliError('usage', 'already-there', 'all that pawl init writes is there already', 'pawl workflows list');
  for (const [path, text] of written) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    // Never over a file that came in between.
    await writeFile(join(root, path), text, { flag: 'wx' });
  }
  const names = written.map(([path]) => path);
  if (options.json) {
    terminal.print(JSON.stringify({ version: 1, written: names, kept: there, agent: agent ?? null, commands }));
    return exitCodes.passed;
  }
  const told = Object.entries(commands).map(([kind, command]) => `${kind}: ${command}`);
  terminal.say(
    [
      ...names.map((path) => `wrote ${path}`),
      ...there.map((path) => `kept  ${path}`),
      told.length > 0 ? `gates ${told.join(' · ')}` : 'gates no command was found: name them in .pawl/config.yaml',
      agent === undefined ? 'agent none was found: pawl agents' : `agent ${agent}`,
      '',
      `  write what you want into ${specName}, then`,
      `  pawl run first --spec ${specName} --dry-run   what would happen`,
      `  pawl run first --spec ${specName}             do it, in a worktree of its own`,
      '  pawl doctor                                     if something is missing',
    ].join('\n'),
  );
  return exitCodes.passed;
}

/** Adapters whose agent is here and signed in, as far as that is known. */
async function usableAgents(context: Context, root: string): Promise<readonly string[]> {
  const { installed } = await context.providers(root);
  const found: string[] = [];
  for (const provider of installed.values()) {
    const read = await provider.options['~standard'].validate({});
    if (read.issues) continue;
    const probe = await provider.probe(hostFor(provider, context.env), read.value);
    if (probe.found && probe.signedIn !== false) found.push(provider.id);
  }
  return found;
}

async function ask({ stdin, terminal }: Context, usable: readonly string[]): Promise<string | undefined> {
  const [first] = usable;
  if (usable.length < 2 || !stdin) return first;
  const reader = createInterface({ input: stdin, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    terminal.draw(`which agent shall work? ${usable.join(', ')} [${first}] `);
    const typed = (await Promise.race([new Promise<string>((resolve) => reader.once('line', resolve)), ended])).trim();
    return typed === '' ? first : typed;
  } finally {
    reader.close();
    stdin.pause();
  }
}
