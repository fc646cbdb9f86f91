import { randomUUID } from 'node:crypto';
import { copySession } from '@pawl/agent';
import type { SessionRef, SessionVerb } from '@pawl/provider';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
import { forkLane, type Lane } from '@pawl/worktree';
import type { Context } from '../../context.ts';
import { CliError, exitCodes } from '../../exit.ts';
import { agentThatCan } from '../../moving/agents.ts';
import { whileHeld } from '../../moving/at-work.ts';
import { type Moment, momentOf } from '../../moving/moment.ts';
import { shortId, shownSession, withSession } from '../../sessions.ts';
import { shellWord } from '../../shell-word.ts';

export interface ForkOptions {
  readonly at?: string;
  readonly title?: string;
  readonly json?: boolean;
}

/** A new session with the same past and a new worktree with the files of that moment; the original and its worktree stay. */
export async function fork(context: Context, id: string, options: ForkOptions): Promise<number> {
  const { terminal } = context;
  return withSession(context, id, async (session, store) => {
    const lane = `session-${randomUUID().slice(0, 8)}`;
    const made = await whileHeld(store, session.ref, () => forked(context, store, session, lane, options));
    const short = await shortId(store, made.record);
    if (options.json) {
      const shown = await shownSession(store, made.record);
      terminal.print(
        JSON.stringify({ version: 1, session: shown, worktree: made.lane.path, branch: made.lane.branch }),
      );
      return exitCodes.passed;
    }
    const from = await shortId(store, session);
    terminal.say(
      `session ${short} is a fork of ${from}${options.at === undefined ? '' : `, behind message ${made.at}`}`,
    );
    terminal.say(`  its files are in ${made.lane.path}, on branch ${made.lane.branch}`);
    terminal.say(`\n  pawl sessions resume ${short} ${shellWord('what to do next')}`);
    return exitCodes.passed;
  });
}

async function forked(
  context: Context,
  store: SessionStore,
  session: SessionRecord,
  name: string,
  { at, title }: ForkOptions,
) {
  const verbs: readonly SessionVerb[] = at === undefined ? ['fork', 'move'] : ['fork', 'fork-at', 'move'];
  const what = at === undefined ? 'fork a session into another folder' : 'fork a session at a message';
  const agent = await agentThatCan(context, session.ref.provider, verbs, what);
  const moment = await momentOf(context, store, session, at, name);
  const lane = await laneAt(context, session, name, moment);
  try {
    const cut = moment.at === undefined ? {} : { at: moment.at };
    const how = { ref: session.ref, cwd: lane.path, copy: randomUUID(), ...cut };
    const ref = await copySession(agent.provider, how, agent.host);
    const repository = session.repository ?? moment.files?.repository.root;
    const record = await recorded(
      store,
      { ...session, ...(repository !== undefined && { repository }) },
      ref,
      moment,
      title,
    );
    await lane.close();
    return { record, lane, at: moment.at };
  } catch (error) {
    // Nothing has been done in it yet.
    await lane.remove({ branch: 'drop' });
    throw error;
  }
}

async function laneAt(context: Context, session: SessionRecord, run: string, { files }: Moment): Promise<Lane> {
  if (!files)
    throw new CliError(
      'usage',
      'no-checkpoint',
      `no files of session ${session.id} are kept, and its folder ${session.ref.cwd} is no checkout of git`,
      'git init there and commit, or go on with it as it is',
    );
  const { repository, commit, base } = files;
  return forkLane({ repository, run, lane: 'main', folder: context.places.worktrees, at: commit, base });
}

export async function recorded(
  { sessions }: SessionStore,
  session: SessionRecord,
  ref: SessionRef,
  { at, files }: Moment,
  title: string | undefined,
): Promise<SessionRecord> {
  const { agent, model, owner, repository } = session;
  const record = await sessions.begin({
    ref,
    at: Date.now(),
    title: title ?? `${session.title ?? session.ref.id} (fork)`,
    parent: { ref: session.ref, ...(at !== undefined && { at }) },
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    ...(owner !== undefined && { owner }),
    ...(repository !== undefined && { repository }),
  });
  // Cut within a turn it has no checkpoint of its parent's for where it stands.
  if (at === undefined || !files) return record;
  const [known] = await sessions.checkpoints({ session: record.id, messageId: at, limit: 1 });
  if (!known)
    await sessions.checkpoint(record.id, {
      ...{ at: record.createdAt, messageId: at, worktree: ref.cwd, repository: files.repository.root },
      ...{ commit: files.commit, tree: files.tree, base: files.base },
    });
  return record;
}
