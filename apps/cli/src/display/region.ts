import { displayWidth } from '@pawl/report';
import type { Terminal } from '../terminal.ts';

const csi = '\u001b[';
/**
 * Lines that move are cut where the terminal ends, not broken: it may have become narrower and not have told so yet. Then
 * each is still one row, and the rows that it made of the lines before are counted when it does.
 */
const [cutting, breaking] = [`${csi}?7l`, `${csi}?7h`];
/** The terminal shows what comes between them at once, where it can; others do not know them. */
const [begin, end] = [`${csi}?2026h`, `${csi}?2026l`];

/** Lines at the bottom of a terminal that are drawn again, below those that stay. */
export interface Region {
  /** In one piece: `above` takes the place of the region, which follows it anew. Lines that stay the same are not written. */
  draw(above: readonly string[], lines: readonly string[]): void;
  erase(): void;
}

export function openRegion({ people: screen, draw, measure }: Pick<Terminal, 'people' | 'draw' | 'measure'>): Region {
  let drawn: readonly string[] = [];
  let width = screen.width;

  const rowsOf = (line: string): number => Math.max(1, Math.ceil(displayWidth(line) / screen.width));
  const up = (): string => {
    // A terminal that has become narrower has broken the lines that were drawn.
    const rows = drawn.reduce((sum, line) => sum + rowsOf(line), 0);
    return rows === 0 ? '' : `${csi}${rows}A`;
  };
  /** The row is emptied first: tmux breaks, of a line that was longer before, also what was erased behind its end. */
  const written = (line: string): string => `${csi}2K${line}\n`;

  return {
    draw(above, lines) {
      const resized = width !== screen.width;
      const same = !resized && above.length === 0;
      if (same && lines.length === drawn.length && lines.every((line, index) => line === drawn[index])) return;
      if (drawn.length === 0 && lines.length === 0) {
        draw(above.map((line) => `${line}\n`).join(''));
        return;
      }
      const head = resized && drawn.length > 0 ? `${up()}${csi}J` : up();
      const stays = above.map(written).join('');
      const moves = lines.map((line, index) => (same && line === drawn[index] ? '\n' : written(line))).join('');
      const text = `${stays}${cutting}${moves}${breaking}`;
      const rest = lines.length + above.length < drawn.length ? `${csi}J` : '';
      drawn = lines;
      width = screen.width;
      draw(`${begin}${head}${text}${rest}${end}`);
    },
    erase() {
      measure();
      if (drawn.length > 0) draw(`${up()}${csi}J`);
      drawn = [];
    },
  };
}
