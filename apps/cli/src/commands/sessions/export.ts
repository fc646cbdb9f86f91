import { createReadStream, existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type BundledSession,
  type BundleEntry,
  type BundleManifest,
  cleanLines,
  type LineCount,
  packSession,
  readPart,
  type Staged,
  stage,
  writeBundle,
} from '@pawl/agent';
import { withTemporaryFolder } from '@pawl/process';
import { createRedactor, type SessionRecord, type SessionStore } from '@pawl/session-store';
import { writeTreeBundle } from '@pawl/worktree';
import type { Context } from '../../context.ts';
import { CliError, exitCodes } from '../../exit.ts';
import { agentThatCan } from '../../moving/agents.ts';
import { whileHeld } from '../../moving/at-work.ts';
import { momentOf } from '../../moving/moment.ts';
import { secretsOf } from '../../secrets.ts';
import { shortId, withSession } from '../../sessions.ts';
import { shellWord } from '../../shell-word.ts';

export interface ExportOptions {
  readonly output: string;
  readonly json?: boolean;
}

/** One file with everything that another machine needs to go on with a session. */
export async function exportSession(context: Context, id: string, options: ExportOptions): Promise<number> {
  const { terminal } = context;
  const file = resolve(context.cwd, options.output);
  if (existsSync(file))
    throw new CliError(
      'usage',
      'file-exists',
      `there is a file ${file} already, and it is not written over`,
      'name another one',
    );
  if (!existsSync(dirname(file)))
    throw new CliError('usage', 'no-folder', `there is no folder ${dirname(file)}`, 'make it, or name another one');
  return withSession(context, id, (session, store) =>
    withTemporaryFolder('export', async (folder) => {
      const { manifest, count } = await whileHeld(store, session.ref, () => gathered(context, store, session, folder));
      const staged = manifest.entries.map(({ name }): Staged => ({ name, file: placeIn(folder, name) }));
      const digest = await writeBundle(file, manifest, staged);
      if (options.json) {
        terminal.print(JSON.stringify({ version: 1, file, digest, manifest, halfLines: count.halfLines }));
        return exitCodes.passed;
      }
      terminal.say(`session ${await shortId(store, session)} is in ${file}, ${holds(manifest)}`);
      if (count.redacted > 0) terminal.say(`  secrets were taken out of ${count.redacted} lines of the transcript`);
      if (count.halfLines > 0) terminal.say('  the last line of the transcript was half written and is left out');
      if (manifest.checkpoint) terminal.say('  the files of its worktree are in it as they are');
      terminal.say(
        `\n  pawl sessions import ${shellWord(basename(file))}   on another machine, in a clone of the repository`,
      );
      return exitCodes.passed;
    }),
  );
}

const placeIn = (folder: string, name: string): string => join(folder, name.replace('/', '~'));

function holds({ entries, checkpoint }: Pick<BundleManifest, 'entries' | 'checkpoint'>): string {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const size = bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `${size}: the transcript, the messages${checkpoint ? ' and the files' : ''}`;
}

async function gathered(context: Context, store: SessionStore, session: SessionRecord, folder: string) {
  const { env } = context;
  const agent = await agentThatCan(context, session.ref.provider, ['move'], 'give a session away');
  const redact = createRedactor(secretsOf(env));
  const count: LineCount = { redacted: 0, halfLines: 0 };
  const parts = await packSession(agent.provider, session.ref, agent.host);
  const entries: BundleEntry[] = [];
  const add = async (name: string, content: AsyncIterable<Uint8Array>) =>
    void entries.push(await stage(name, content, placeIn(folder, name)));
  await add('messages.jsonl', messagesOf(store, session.id, redact));
  for (const part of parts) await add(`native/${part.name}`, cleanLines(readPart(part), redact, count));
  const { files } = await momentOf(context, store, session, undefined, `session-${session.id}`);
  if (files) {
    const made = join(folder, 'made.bundle');
    await writeTreeBundle(files.repository, files.tree, made);
    await add('checkpoint.bundle', createReadStream(made));
  }
  const manifest = {
    session: bundled(session),
    parts: parts.map(({ name }) => name),
    redactedLines: count.redacted,
    ...(files && { checkpoint: { tree: files.tree, base: files.base } }),
    entries,
  };
  return { manifest, count };
}

/** They have no secrets that were known when they were said. */
async function* messagesOf(
  { sessions }: SessionStore,
  id: string,
  redact: (text: string) => string,
): AsyncGenerator<Uint8Array> {
  for await (const message of sessions.messages(id)) yield Buffer.from(`${redact(JSON.stringify(message))}\n`);
}

function bundled(session: SessionRecord): BundledSession {
  const { ref, title, tags, agent, model, owner, messageId, parent, createdAt, lastUsedAt } = session;
  return {
    ...{ provider: ref.provider, id: ref.id, cwd: ref.cwd },
    ...(ref.token && { token: ref.token }),
    ...(title !== undefined && { title }),
    tags,
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    ...(owner !== undefined && { owner }),
    ...(messageId !== undefined && { messageId }),
    ...(parent && { parent: { id: parent.nativeId, ...(parent.at !== undefined && { at: parent.at }) } }),
    ...{ createdAt, lastUsedAt },
  };
}
