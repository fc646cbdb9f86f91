import { plainLine } from '@pawl/report';
import { StoreError } from '@pawl/session-store';
import { WorktreeError } from '@pawl/worktree';
import { openStoreToRead } from '../compose.ts';
import { loadConfig } from '../config/load.ts';
import type { Context } from '../context.ts';
import { type Finding, lookAtAgent, lookAtGit, lookAtHome, lookAtNode } from '../doctor.ts';
import { CliError, exitCodes } from '../exit.ts';
import { listRuns } from '../runs.ts';

export interface DoctorOptions {
  readonly probe?: boolean;
  readonly json?: boolean;
}

/** What is there, what is missing, and what mends it. Exit code 5 while something is a problem. Changes nothing. */
export async function doctor(context: Context, options: DoctorOptions): Promise<number> {
  const { terminal } = context;
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => {
    findings.push(finding);
    if (!options.json) print(finding, context);
  };
  tell(await lookAtGit(context));
  tell(lookAtNode());
  for (const finding of await lookAtHome(context)) tell(finding);
  tell(await database(context));
  const { finding, root } = await repository(context);
  tell(finding);
  for (const agent of await agents(context, root, options.probe ?? false)) tell(agent);
  const problems = findings.filter(({ state }) => state === 'problem').length;
  const usable = findings.some(({ name, state }) => name.startsWith('agent ') && state === 'ok');
  if (options.json) terminal.print(JSON.stringify({ version: 1, findings }));
  else if (problems === 0)
    terminal.say(usable ? 'ready' : 'ready, but for an agent: install one, or name a script (pawl help init)');
  else terminal.say(problems === 1 ? '1 problem' : `${problems} problems`);
  return problems > 0 ? exitCodes.environment : exitCodes.passed;
}

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], problem: ['red', '✗'] } as const;

function print({ name, state, message, fix }: Finding, { terminal }: Context): void {
  const { data } = terminal;
  for (const line of data.paragraph([marks[state], ' ', ['bold', name.padEnd(15)], ' '], plainLine(message)))
    terminal.print(line);
  if (fix !== undefined)
    for (const line of data.paragraph(['  ', ['dim', 'try: ']], plainLine(fix))) terminal.print(line);
}

async function database(context: Context): Promise<Finding> {
  const name = 'database';
  try {
    const store = openStoreToRead(context);
    if (!store) return { name, state: 'ok', message: 'none yet: made with the first run' };
    await store.close();
    const left = (await listRuns(context, { limit: 50 })).filter(({ status }) => status === 'interrupted');
    const message = `${context.places.database} opens`;
    const [first] = left;
    if (!first) return { name, state: 'ok', message };
    const told = left.length === 1 ? 'a run lost its process' : `${left.length} runs lost their process`;
    return { name, state: 'warning', message: `${message}; ${told}`, fix: `pawl resume ${first.id}` };
  } catch (error) {
    if (!StoreError.is(error)) throw error;
    return { name, state: 'problem', message: error.message, fix: 'set PAWL_HOME to another folder, or mend that one' };
  }
}

async function repository(context: Context): Promise<{ readonly finding: Finding; readonly root: string | undefined }> {
  const name = 'repository';
  try {
    const { root } = await context.repository();
    await loadConfig(root);
    return { finding: { name, state: 'ok', message: root }, root };
  } catch (error) {
    if (WorktreeError.is(error)) {
      const fix = error.code === 'no-commit' ? 'git commit' : 'git init, or go to a folder that is in one';
      return { finding: { name, state: 'warning', message: error.message, fix }, root: undefined };
    }
    if (!(error instanceof CliError)) throw error;
    const finding = {
      name,
      state: 'problem',
      message: error.message,
      fix: error.hint ?? 'mend .pawl/config.yaml',
    } as const;
    return { finding, root: undefined };
  }
}

async function agents(context: Context, root: string | undefined, paid: boolean): Promise<readonly Finding[]> {
  try {
    const { installed, missing } = await context.providers(root);
    const found: Finding[] = [];
    for (const provider of installed.values()) found.push(await lookAtAgent(context, provider, paid));
    const absent = missing.map(({ id, title, install }) => ({
      ...{ name: `agent ${id}`, state: 'warning', message: `the adapter for ${title} is not installed` },
      fix: install,
    })) as readonly Finding[];
    return [...found, ...absent];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ name: 'agents', state: 'problem', message: error.message, fix: error.hint ?? 'pawl agents' }];
  }
}
