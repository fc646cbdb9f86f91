import type { Exit, Host, Json, JsonObject, ProviderError } from '@pawl/provider';
import { asArray, asFigure, asObject, asString, readObject, refuse } from '@pawl/provider-kit';
import { type Cli, capture, printed } from './capture.ts';

export interface Stored {
  readonly id: string;
  readonly folder: string;
  readonly title: string | undefined;
  readonly updatedAt: number;
}

const copyFile = 'pawl-session.json';

/** The sessions of the project that a folder belongs to, so of its other worktrees too; newest first. */
export async function storedSessions(cwd: string, cli: Cli, host: Host): Promise<readonly Stored[]> {
  const { text } = await capture(host, cli, ['session', 'list', '--format', 'json'], { cwd });
  const found = asArray(parse(text)).flatMap((value) => {
    const entry = asObject(value);
    const [id, folder] = [asString(entry?.id), asString(entry?.directory)];
    if (id === undefined || folder === undefined) return [];
    return [{ id, folder, title: asString(entry?.title), updatedAt: asFigure(entry?.updated) ?? 0 }];
  });
  return found.sort((left, right) => right.updatedAt - left.updatedAt);
}

/** Those of the folder alone. OpenCode calls it by its real path. */
export async function sessionsOf(cwd: string, cli: Cli, host: Host): Promise<readonly Stored[]> {
  const all = await storedSessions(cwd, cli, host);
  const named = all.filter(({ folder }) => folder === cwd);
  if (named.length > 0 || all.length === 0) return named;
  const real = await realFolder(cwd, host);
  return all.filter(({ folder }) => folder === real);
}

/** The whole session as `opencode export` has it, as text and read. */
export async function exported(id: string, cli: Cli, host: Host) {
  // From anywhere: the folder of the session may be gone.
  const { text, exit } = await capture(host, cli, ['export', id], { cwd: '/' });
  const session = asObject(parse(text));
  if (session?.info !== undefined) return { text, session };
  throw notExported(id, exit);
}

function notExported(id: string, { code, stderrTail }: Exit): ProviderError {
  return code !== 0 || /not found/i.test(stderrTail)
    ? refuse('session-not-found', `OpenCode has no session ${id}; start a new one.`)
    : refuse('protocol', `OpenCode's export of session ${id} is not whole; try \`opencode export ${id}\` into a file.`);
}

/** Its messages alone, each as soon as its lines are there: the export is indented by two. */
export async function* exportedMessages(id: string, cli: Cli, host: Host): AsyncGenerator<JsonObject> {
  const lines = printed(host, cli, ['export', id], { cwd: '/' });
  let entry: string[] | undefined;
  let inside = false;
  try {
    for (;;) {
      const next = await lines.next();
      if (next.done) {
        if (inside) return;
        throw notExported(id, next.value);
      }
      const line = next.value;
      if (line === '    {' && inside) entry = [];
      else if (/^ {4}\},?$/.test(line) && entry) {
        const message = readObject({ line: 1, text: `{${entry.join('')}}` });
        if (message) yield message;
        entry = undefined;
      } else if (entry) entry.push(line);
      else inside ||= /^ {2}"messages": \[/.test(line);
    }
  } finally {
    await lines.return({ code: undefined, signal: undefined, stderrTail: '' });
  }
}

/** Puts a session into the store; its id is the one it carries. */
export async function imported(session: JsonObject, cwd: string, cli: Cli, host: Host): Promise<void> {
  const files = { [copyFile]: JSON.stringify(session) };
  const { exit } = await capture(host, cli, ['import', copyFile], { cwd, files });
  if (exit.code === 0) return;
  const said = exit.stderrTail.trim().split('\n').at(-1) ?? '';
  throw refuse('internal', `OpenCode did not take the copy of a session${said ? `: ${said}` : ''}.`);
}

async function realFolder(cwd: string, host: Host): Promise<string> {
  const child = host.spawn({ file: 'pwd', args: ['-P'], cwd });
  let real = '';
  for await (const { text } of child.lines) real ||= text.trim();
  await child.exit;
  return real || cwd;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
