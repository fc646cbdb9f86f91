import { displayWidth, formatMoney, pad, plainLine } from '@pawl/report';
import type { SessionCost } from '@pawl/session-store';
import type { OutsideSession } from '../outside.ts';
import type { ShownSession } from '../sessions.ts';
import type { Piece, Screen } from '../terminal.ts';
import { localTime } from './run-table.ts';

export type SessionRow = ShownSession | OutsideSession;

/** One line a session. Where there is little room the columns in the middle go first; the title is cut last. */
export function sessionTable(rows: readonly SessionRow[], screen: Screen): readonly string[] {
  const columns: readonly (readonly string[])[] = [
    rows.map(({ lastUsedAt }) => (lastUsedAt === undefined ? '' : localTime(lastUsedAt))),
    rows.map((row) => plainLine(('agent' in row ? row.agent : undefined) ?? row.ref.provider)),
    rows.map((row) => ('outside' in row ? 'outside' : row.turns === 1 ? '1 turn' : `${row.turns} turns`)),
    rows.map((row) => ('outside' in row || row.turns === 0 ? '' : moneyText(row.cost))),
  ];
  const last = rows.map((row) => titleOf(row));
  const ids = Math.max(0, ...rows.map((row) => row.short.length));
  const widths = columns.map((cells) => Math.max(0, ...cells.map(displayWidth)));
  const wanted = Math.min(Math.max(0, ...last.map(displayWidth)), 24);
  // Turns, time, cost, agent: in this order they can be missed.
  const shown = new Set(columns.keys());
  const used = () => [...shown].reduce((sum, index) => sum + (widths[index] ?? 0) + 2, ids + 2);
  for (const index of [2, 0, 3, 1]) if (used() + wanted > screen.width) shown.delete(index);
  return rows.map(({ short, ...more }, row) => {
    const tags = 'tags' in more ? more.tags : [];
    const cells = [...shown].map((index): Piece => `  ${pad(columns[index]?.[row] ?? '', widths[index] ?? 0)}`);
    const marks: readonly Piece[] = tags.map((tag) => ['cyan', ` #${plainLine(tag)}`] as const);
    return screen.line(pad(short, ids), ...cells, `  ${last[row] ?? ''}`, ...marks).trimEnd();
  });
}

export const titleOf = ({ title }: { readonly title?: string }): string => plainLine(title ?? '(no title)');

export function moneyText(cost: SessionCost): string {
  const [measuredUsd, unpriced] =
    cost.state === 'measured' ? [cost.usd, 0] : [cost.measuredUsd ?? 0, cost.unpricedTurns];
  return formatMoney({ measuredUsd, estimatedUsd: 0, unpriced });
}
