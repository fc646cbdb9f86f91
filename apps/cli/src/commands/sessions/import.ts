import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { placeSession, type ReadBundle, readBundle } from '@pawl/agent';
import { withTemporaryFolder } from '@pawl/process';
import type { SessionRef } from '@pawl/provider';
import { createRedactor, openStore, type SessionRecord, type SessionStore } from '@pawl/session-store';
import type { Context } from '../../context.ts';
import { CliError, exitCodes } from '../../exit.ts';
import { agentThatCan } from '../../moving/agents.ts';
import { whileHeld } from '../../moving/at-work.ts';
import { type BroughtFiles, bringFiles } from '../../moving/bring-files.ts';
import { importMessages } from '../../moving/messages.ts';
import { secretsOf } from '../../secrets.ts';
import { shortId, shownSession } from '../../sessions.ts';
import { shellWord } from '../../shell-word.ts';
import { ownerIn } from '../../user-name.ts';

export interface ImportOptions {
  readonly cwd?: string;
  readonly json?: boolean;
}

interface Imported {
  readonly record: SessionRecord;
  /** The very same bundle had been imported before: nothing was changed. */
  readonly known: boolean;
  readonly files?: BroughtFiles;
}

/** Takes a session from a bundle: it is checked to the last byte before anything is put anywhere. */
export async function importSession(context: Context, file: string, options: ImportOptions): Promise<number> {
  const { terminal, places, env } = context;
  const folder = folderOf(context, options);
  await mkdir(places.home, { recursive: true, mode: 0o700 });
  // Beside the store: what is in a bundle does not leave pawl's own folder.
  const work = async (staging: string) => {
    const bundle = await readBundle(resolve(context.cwd, file), staging);
    const store = openStore({ file: places.database, redact: createRedactor(secretsOf(env)) });
    try {
      const { provider, id } = bundle.manifest.session;
      const done = await whileHeld(store, { provider, id }, () => imported(context, store, bundle, folder));
      const short = await shortId(store, done.record);
      if (options.json) {
        const session = await shownSession(store, done.record);
        terminal.print(JSON.stringify({ version: 1, session, alreadyImported: done.known, digest: bundle.digest }));
        return exitCodes.passed;
      }
      if (done.known) terminal.say(`this bundle was imported before, as session ${short}: nothing was changed`);
      else
        terminal.say(
          `session ${short} is here, with ${done.record.messages} messages; it goes on in ${done.record.ref.cwd}`,
        );
      if (done.files?.commit !== undefined && done.files.lane === undefined)
        terminal.say(
          `  the files it had are kept: pawl undo ${done.files.commit.slice(0, 12)} brings them back as a branch`,
        );
      terminal.say(`\n  pawl sessions resume ${short} ${shellWord('what to do next')}`);
      return exitCodes.passed;
    } finally {
      await store.close();
    }
  };
  return withTemporaryFolder('import', work, places.home);
}

function folderOf(context: Context, { cwd }: ImportOptions): string | undefined {
  if (cwd === undefined) return undefined;
  const folder = resolve(context.cwd, cwd);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new CliError(
    'usage',
    'no-folder',
    `there is no folder ${folder} for the session to go on in`,
    'make it, or name another one',
  );
}

async function imported(
  context: Context,
  store: SessionStore,
  bundle: ReadBundle,
  folder: string | undefined,
): Promise<Imported> {
  const { session, parts } = bundle.manifest;
  const agent = await agentThatCan(context, session.provider, ['move'], 'take a session');
  const known = (await store.sessions.find(session.id)).find(
    ({ ref }) => ref.provider === session.provider && ref.id === session.id,
  );
  if (known?.origin === bundle.digest) return { record: known, known: true };
  if (known)
    throw new CliError(
      'usage',
      'session-exists',
      `${agent.provider.title} session ${session.id} is here already, as ${await shortId(store, known)}: nothing was changed`,
      `pawl sessions fork ${await shortId(store, known)}`,
    );
  const files = await bringFiles(context, bundle, folder, `session-${randomUUID().slice(0, 8)}`);
  const began: SessionRecord[] = [];
  try {
    const from: SessionRef = {
      provider: session.provider,
      id: session.id,
      cwd: session.cwd,
      ...(session.token && { token: session.token }),
    };
    const record = await begun(store, bundle, { ...from, cwd: files.cwd }, files, ownerIn(context.env));
    began.push(record);
    await importMessages(store, record.id, bundle.fileOf('messages.jsonl'), record.messages);
    const ref = await placeSession(agent.provider, { from, parts, cwd: files.cwd }, agent.host, (part) =>
      createReadStream(bundle.fileOf(`native/${part}`), { highWaterMark: 256 * 1024 }),
    );
    await keepCheckpoint(store, record.id, bundle, files);
    // Only now it is whole.
    const whole = await store.sessions.begin({ ref, at: session.lastUsedAt, origin: bundle.digest });
    await files.lane?.close();
    return { record: whole, known: false, files };
  } catch (error) {
    for (const { id } of began) await store.sessions.remove(id);
    await files.lane?.remove({ branch: 'drop' });
    throw error;
  }
}

async function begun(
  { sessions }: SessionStore,
  { manifest: { session } }: ReadBundle,
  ref: SessionRef,
  files: BroughtFiles,
  owner: string | undefined,
): Promise<SessionRecord> {
  const { provider, title, tags, agent, model, parent, createdAt } = session;
  // What the fork has of a parent that is here too is known; how much of it, only by where it was cut.
  const isHere = parent && (await sessions.find(parent.id)).some(({ ref: each }) => each.id === parent.id);
  const from = parent && !(isHere && parent.at === undefined) ? parent : undefined;
  return sessions.begin({
    ...{ ref, at: createdAt, tags },
    ...(title !== undefined && { title }),
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    // Whoever takes it in: what a file says of its owner is not believed.
    ...(owner !== undefined && { owner }),
    ...(files.repository && { repository: files.repository.root }),
    ...(from && {
      parent: { ref: { provider, id: from.id, cwd: session.cwd }, ...(from.at !== undefined && { at: from.at }) },
    }),
  });
}

async function keepCheckpoint({ sessions }: SessionStore, id: string, { manifest }: ReadBundle, files: BroughtFiles) {
  const { repository, commit, tree, base } = files;
  if (!repository || commit === undefined || tree === undefined) return;
  const { messageId, lastUsedAt } = manifest.session;
  await sessions.checkpoint(id, {
    ...{ at: lastUsedAt, commit, tree, repository: repository.root, worktree: files.cwd },
    ...(base !== undefined && { base }),
    ...(messageId !== undefined && { messageId }),
  });
}
