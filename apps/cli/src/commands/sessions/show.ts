import { existsSync } from 'node:fs';
import { formatTokens, plainLine } from '@pawl/report';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
import type { Context } from '../../context.ts';
import { type ForkTree, treeLines } from '../../display/fork-tree.ts';
import { localTime } from '../../display/run-table.ts';
import { moneyText, titleOf } from '../../display/session-table.ts';
import { exitCodes } from '../../exit.ts';
import { familyOf } from '../../fork-family.ts';
import { holderLives } from '../../lease.ts';
import { retentionOf } from '../../retention.ts';
import { type ShownSession, shownSession, withSession } from '../../sessions.ts';

/** All that is known of one session, and how it came about. */
export async function show(context: Context, id: string, options: { readonly json?: boolean }): Promise<number> {
  const { terminal } = context;
  return withSession(context, id, async (session, store) => {
    const shown = await shownSession(store, session);
    const family = await shownTree(store, await familyOf(store, session));
    const holder = await store.sessions.holder(session.ref);
    const busy = holder && holderLives(holder) ? holder : undefined;
    const deletedAt = await (await retentionOf(context)).deletedAt(session);
    if (options.json) {
      const more = { ...(deletedAt !== undefined && { deletedAt }), ...(busy && { holder: busy }) };
      const data = { version: 1, session: shown, forks: family, ...more };
      terminal.print(JSON.stringify(data));
      return exitCodes.passed;
    }
    for (const line of terminal.data.paragraph([`session ${session.id}  `], titleOf(session))) terminal.print(line);
    const facts = factsOf(session);
    if (busy) facts.push(['at work in', `process ${busy.pid} on ${plainLine(busy.host)}`]);
    if (deletedAt !== undefined)
      facts.push([
        'deleted',
        deletedAt > Date.now()
          ? `by its agent, from ${localTime(deletedAt)} on, unless it is used`
          : 'by its agent, when it is started there next; pawl sessions export keeps it',
      ]);
    for (const [name, value] of facts)
      for (const line of terminal.data.paragraph([`  ${name.padEnd(12)}`], plainLine(value))) terminal.print(line);
    if (family.forks.length > 0) {
      terminal.print('');
      for (const line of treeLines(family, (each) => treeLine(each, session.id)))
        terminal.print(terminal.data.line(line));
    }
    return exitCodes.passed;
  });
}

function factsOf(session: SessionRecord): [string, string][] {
  const { ref, agent, model, repository, owner, tags, run, step, parent, transcript } = session;
  const { inputTokens, outputTokens, turns, messages, cost } = session;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['agent', `${agent ?? ref.provider}${agent === undefined || agent === ref.provider ? '' : ` (${ref.provider})`}`],
    ['model', model],
    ["agent's id", ref.id],
    ['folder', existsSync(ref.cwd) ? ref.cwd : `${ref.cwd} (it is gone)`],
    ['repository', repository === ref.cwd ? undefined : repository],
    ['owner', owner],
    ['tags', tags.length === 0 ? undefined : tags.join(', ')],
    ['run', run === undefined ? undefined : `${run}${step === undefined ? '' : `, step ${step}`}`],
    [
      'forked from',
      parent && `${parent.id ?? parent.nativeId}${parent.at === undefined ? '' : `, behind ${parent.at}`}`,
    ],
    ['begun', localTime(session.createdAt)],
    ['last used', `${localTime(session.lastUsedAt)}${session.archived ? ' (in the archive)' : ''}`],
    ['turns', `${turns}, ${messages} messages kept`],
    [
      'tokens',
      inputTokens === undefined && outputTokens === undefined
        ? undefined
        : `${formatTokens(inputTokens ?? 0)} in, ${formatTokens(outputTokens ?? 0)} out`,
    ],
    ['cost', turns === 0 ? undefined : moneyText(cost)],
    ['transcript', transcript && (existsSync(transcript) ? transcript : `${transcript} (it is gone)`)],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function treeLine(session: ShownSession, shown: string): string {
  const at = session.parent?.at === undefined ? '' : `, behind ${plainLine(session.parent.at)}`;
  return `${session.short}  ${titleOf(session)}${at}${session.id === shown ? '  ◂' : ''}`;
}

async function shownTree(store: SessionStore, tree: ForkTree<SessionRecord>): Promise<ForkTree<ShownSession>> {
  const forks = [];
  for (const fork of tree.forks) forks.push(await shownTree(store, fork));
  return { ...tree, session: await shownSession(store, tree.session), forks };
}
