import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { copySession } from '@pawl/agent';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
import { type Lane, openLane, type Repository, worktreesOf } from '@pawl/worktree';
import type { Context } from '../../context.ts';
import { CliError, exitCodes } from '../../exit.ts';
import { agentThatCan } from '../../moving/agents.ts';
import { whileHeld } from '../../moving/at-work.ts';
import { momentOf } from '../../moving/moment.ts';
import { shortId, shownSession, withSession } from '../../sessions.ts';
import { recorded } from './fork.ts';

export interface RewindOptions {
  readonly at: string;
  readonly json?: boolean;
}

/** Conversation and worktree go back to a message, in place. Both as they were are set aside, and `pawl undo` brings them back. */
export async function rewind(context: Context, id: string, options: RewindOptions): Promise<number> {
  const { terminal } = context;
  return withSession(context, id, async (session, store) => {
    const done = await whileHeld(store, session.ref, () => rewound(context, store, session, options.at));
    const short = await shortId(store, session);
    const aside = await shortId(store, done.aside);
    if (options.json) {
      const shown = await shownSession(store, (await store.sessions.get(session.id)) ?? session);
      terminal.print(JSON.stringify({ version: 1, session: shown, setAside: done.aside.id, before: done.before }));
      return exitCodes.passed;
    }
    terminal.say(
      `session ${short} stands behind message ${done.at} again, with the files of then in ${session.ref.cwd}`,
    );
    terminal.say(`  what was said since is session ${aside}, in the archive`);
    terminal.say(`\n  pawl undo ${done.before} --worktree   takes the rewind back`);
    return exitCodes.passed;
  });
}

async function rewound(context: Context, store: SessionStore, session: SessionRecord, at: string) {
  const { sessions } = store;
  const { ref } = session;
  const what = 'rewind a session to a message';
  const agent = await agentThatCan(context, ref.provider, ['fork', 'fork-at', 'move'], what);
  const moment = await momentOf(context, store, session, at, `session-${session.id}`);
  const { files } = moment;
  if (!files || moment.at === undefined) throw new Error('a message that was found has files');
  const lane = await laneOf(context, session, files.repository);
  try {
    const cut = await copySession(agent.provider, { ref, cwd: ref.cwd, copy: randomUUID(), at: moment.at }, agent.host);
    const before = await lane.checkpoint({
      ...{ name: `rewind/${session.id}/${cut.id}`, since: files.commit },
      message: `session ${session.id} before a rewind`,
    });
    await lane.undo(files.commit);
    const aside = await recorded(store, session, cut, moment, `${session.title ?? ref.id} (before a rewind)`);
    await sessions.exchange(session.id, aside.id);
    await sessions.archive(aside.id);
    await sessions.checkpoint(session.id, {
      ...{ at: Date.now(), commit: before.commit, tree: before.tree, base: files.base, setAside: aside.id },
      ...{ repository: files.repository.root, worktree: lane.path },
    });
    return { at: moment.at, before: before.commit, aside };
  } finally {
    await lane.close();
  }
}

/** Only worktrees of pawl are put back: a checkout of the user's is theirs. */
async function laneOf(context: Context, { id, ref }: SessionRecord, repository: Repository): Promise<Lane> {
  const { env, places } = context;
  const all = await worktreesOf({ folder: places.worktrees, env, repository });
  const real = realFolder(ref.cwd);
  const found = all.find(({ path }) => path === real);
  if (found?.lane === undefined || found.state !== 'whole')
    throw new CliError(
      'usage',
      'not-a-worktree',
      `session ${id} works in ${ref.cwd}, which is no worktree of pawl: its files are yours and are not put back`,
      `pawl sessions fork ${id} --at MESSAGE`,
    );
  const base = repository.head.commit;
  return openLane({ repository, run: found.run, lane: found.lane, folder: places.worktrees, base });
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
