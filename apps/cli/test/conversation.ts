import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageBody, ToolKind } from '@pawl/provider';
import { type NewMessage, openStore, type SessionMessage, type SessionStore } from '@pawl/session-store';
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

/** A third turn: it writes a file and reads one side by side, then reads once more. Ids of the agent's transcript. */
export async function sayMore(stage: Stage, { id, native, worktree }: Conversation) {
  const repository = await openRepository(stage.repository, { env: stage.env });
  const base = repository.head.commit;
  const folder = join(stage.home, 'worktrees');
  const lane = await openLane({ repository, run: 'session-0', lane: 'main', folder, base });
  const entries: object[] = [];
  const messages: NewMessage[] = [];
  const say = (type: 'user' | 'assistant', content: object, message: MessageBody): string => {
    const uuid = randomUUID();
    entries.push({ uuid, type, message: { role: type, content: [content] }, sessionId: native, cwd: worktree });
    messages.push({ ...message, at: 3000 });
    return uuid;
  };
  const speak = (role: 'user' | 'assistant', text: string) =>
    say(role, { type: 'text', text }, { role, type: 'text', text });
  const call = (name: string, kind: ToolKind, own: string) =>
    say(
      'assistant',
      { type: 'tool_use', id: own, name, input: {} },
      { role: 'assistant', type: 'tool-call', call: own, kind, name, input: {} },
    );
  const give = (own: string) =>
    say(
      'user',
      { type: 'tool_result', tool_use_id: own, content: 'ok' },
      { role: 'tool', type: 'tool-result', call: own, status: 'ok', output: 'ok' },
    );
  const prompt = speak('user', 'Once more.');
  speak('assistant', 'I will write it.');
  call('Write', 'edit', 'w1');
  call('Read', 'read', 'r1');
  give('w1');
  const written = give('r1');
  call('Read', 'read', 'r2');
  give('r2');
  const end = speak('assistant', 'Turn 3.');
  writeFileSync(join(worktree, 'till.txt'), 'turn 3\n');
  await withStore(stage, async ({ sessions }) => {
    const ref = { provider: 'claude', id: native, cwd: worktree };
    await sessions.append(id, messages);
    await sessions.record({ ref, at: 3000, usage: {}, messageId: end });
    const { commit, tree } = await lane.checkpoint({ name: 'turn-3', since: base, message: 'turn 3' });
    const where = { repository: stage.repository, worktree };
    await sessions.checkpoint(id, { at: 3000, messageId: end, commit, tree, base, ...where });
  });
  await lane.close();
  const project = join(stage.env.HOME ?? '', '.claude', 'projects', worktree.replace(/[^A-Za-z0-9]/g, '-'));
  appendFileSync(join(project, `${native}.jsonl`), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return { prompt, written, end };
}
