import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type SessionMessage, type SessionStore } from '@pawl/session-store';
import { openLane, openRepository } from '@pawl/worktree';
import type { Stage } from './stage.ts';

/** A conversation of two turns with Claude Code in a worktree of pawl, as its run would have left it. */
export interface Conversation {
  readonly id: string;
  readonly native: string;
  readonly worktree: string;
  /** Ids of the last messages of both turns. */
  readonly ends: readonly [string, string];
}

export const withStore = async <T>(stage: Stage, work: (store: SessionStore) => Promise<T>): Promise<T> => {
  const store = openStore({ file: join(stage.home, 'pawl.db') });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

export async function messagesOf(stage: Stage, id: string): Promise<readonly SessionMessage[]> {
  return withStore(stage, async ({ sessions }) => {
    const found: SessionMessage[] = [];
    for await (const message of sessions.messages(id)) found.push(message);
    return found;
  });
}

/** Transcripts of Claude Code in the stage's home: session to its entries. */
export function transcriptsOf(stage: Stage): ReadonlyMap<string, readonly Record<string, unknown>[]> {
  const projects = join(stage.env.HOME ?? '', '.claude', 'projects');
  const names = readdirSync(projects, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  return new Map(
    names.map((name) => [
      name.slice(name.lastIndexOf('/') + 1, -'.jsonl'.length),
      readFileSync(join(projects, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ]),
  );
}

export async function openConversation(stage: Stage, said = 'Do it.'): Promise<Conversation> {
  const repository = await openRepository(stage.repository, { env: stage.env });
  const base = repository.head.commit;
  const folder = join(stage.home, 'worktrees');
  const lane = await openLane({ repository, run: 'session-0', lane: 'main', folder, base });
  const [native, first, second] = [randomUUID(), randomUUID(), randomUUID()] as const;
  const ref = { provider: 'claude', id: native, cwd: lane.path };
  const entries: object[] = [];
  const id = await withStore(stage, async ({ sessions }) => {
    const record = await sessions.begin({
      ref,
      at: 1000,
      title: 'The till',
      repository: stage.repository,
      tags: ['shop'],
    });
    for (const [turn, messageId] of [first, second].entries()) {
      writeFileSync(join(lane.path, 'till.txt'), `turn ${turn + 1}\n`);
      if (turn === 1) writeFileSync(join(lane.path, 'later.txt'), 'later\n');
      const prompt = { uuid: randomUUID(), type: 'user', message: { role: 'user', content: said } };
      const answer = {
        uuid: messageId,
        type: 'assistant',
        message: { content: [{ type: 'text', text: `Turn ${turn + 1}.` }] },
      };
      for (const entry of [prompt, answer]) entries.push({ ...entry, sessionId: native, cwd: lane.path });
      const at = 2000 + turn;
      await sessions.append(record.id, [
        { role: 'user', type: 'text', text: said, at },
        { role: 'assistant', type: 'text', text: `Turn ${turn + 1}.`, at },
      ]);
      await sessions.record({ ref, at, usage: { costUsd: 0.1 }, messageId });
      const { commit, tree } = await lane.checkpoint({ name: `turn-${turn}`, since: base, message: `turn ${turn}` });
      const where = { repository: stage.repository, worktree: lane.path };
      await sessions.checkpoint(record.id, { at, messageId, commit, tree, base, ...where });
    }
    return record.id;
  });
  await lane.close();
  const project = join(stage.env.HOME ?? '', '.claude', 'projects', lane.path.replace(/[^A-Za-z0-9]/g, '-'));
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, `${native}.jsonl`), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return { id, native, worktree: lane.path, ends: [first, second] };
}
