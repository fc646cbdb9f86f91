import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '@pawl/session-store';
import { openLane, openRepository } from '@pawl/worktree';
import type { Stage } from './stage.ts';

/** A conversation of two turns with Claude Code in a worktree of pawl, as its run would have left it; its id. */
export async function makeConversation(stage: Stage): Promise<string> {
  const repository = await openRepository(stage.repository, { env: stage.env });
  const base = repository.head.commit;
  const folder = join(stage.home, 'worktrees');
  const lane = await openLane({ repository, run: 'session-0', lane: 'main', folder, base });
  const native = randomUUID();
  const ref = { provider: 'claude', id: native, cwd: lane.path };
  const store = openStore({ file: join(stage.home, 'pawl.db') });
  const entries: object[] = [];
  try {
    const { sessions } = store;
    const { id } = await sessions.begin({ ref, at: 1000, title: 'The till', repository: stage.repository });
    for (const turn of [1, 2]) {
      const messageId = randomUUID();
      writeFileSync(join(lane.path, 'till.txt'), `turn ${turn}\n`);
      const prompt = { uuid: randomUUID(), type: 'user', message: { role: 'user', content: 'Sell it.' } };
      const content = [{ type: 'text', text: `Turn ${turn} is done.` }];
      const answer = { uuid: messageId, type: 'assistant', message: { content } };
      for (const entry of [prompt, answer]) entries.push({ ...entry, sessionId: native, cwd: lane.path });
      const at = 2000 + turn;
      await sessions.append(id, [
        { role: 'user', type: 'text', text: 'Sell it.', at },
        { role: 'assistant', type: 'text', text: `Turn ${turn} is done.`, at },
      ]);
      await sessions.record({ ref, at, usage: { costUsd: 0.1 }, messageId });
      const { commit, tree } = await lane.checkpoint({ name: `turn-${turn}`, since: base, message: `turn ${turn}` });
      const where = { repository: stage.repository, worktree: lane.path };
      await sessions.checkpoint(id, { at, messageId, commit, tree, base, ...where });
    }
    const project = join(stage.folder, '.claude/projects', lane.path.replace(/[^A-Za-z0-9]/g, '-'));
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, `${native}.jsonl`), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    return id;
  } finally {
    await lane.close();
    await store.close();
  }
}
