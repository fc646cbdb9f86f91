/** A row of the table of rooms: what a package is called and what of ours it may import. */
export interface Room {
  /** A folder, or a pattern with one `*`: `packages/provider-*`. */
  readonly folder: string;
  readonly name: string;
  /** No I/O, no clock, no randomness, no environment. */
  readonly pure: boolean;
  /** npm names with what of them may be imported; `everything` for an application. */
  readonly imports: 'everything' | ReadonlyMap<string, Reach>;
}

/** `types-but-in-testing`: values in `src/testing`, which is for tests of other packages, and nowhere else. */
export type Reach = 'values' | 'types' | 'types-but-in-testing';

const columns = ['folder', 'npm name', 'in one line', 'pure', 'may import (ours)'];

/** Reads the table whose header has these columns; throws a sentence when there is none or a cell makes no sense. */
export function readRooms(markdown: string): readonly Room[] {
  const rows = markdown.split('\n').map(cellsOf);
  const header = rows.findIndex((cells) => columns.every((name, index) => cells[index] === name));
  if (header === -1) {
    throw new Error(
      `ARCHITECTURE.md has no table with the columns ${columns.join(', ')}: the check reads it, put it back`,
    );
  }
  const end = rows.findIndex((cells, index) => index > header && cells.length === 0);
  return rows.slice(header + 2, end === -1 ? rows.length : end).map(roomOf);
}

/** The most exact row for a folder: a name before a pattern. */
export function roomFor(rooms: readonly Room[], folder: string): Room | undefined {
  return rooms.find((room) => room.folder === folder) ?? rooms.find((room) => matches(room.folder, folder));
}

/** Adapters are the rooms whose row is a pattern: one row stands for all of them. */
export function isAdapter(room: Room): boolean {
  return room.folder.includes('*');
}

export function matches(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === text;
  return text.length > pattern.length - 1 && text.startsWith(before) && text.endsWith(after);
}

function roomOf(cells: readonly string[]): Room {
  const [folder = '', name = '', , pure = '', imports = ''] = cells;
  if (pure !== 'yes' && pure !== '–') {
    throw new Error(`ARCHITECTURE.md: the cell "pure" of ${folder} is "${pure}": write yes or –`);
  }
  return { folder: bare(folder), name: bare(name), pure: pure === 'yes', imports: importsOf(imports, folder) };
}

function importsOf(cell: string, folder: string): Room['imports'] {
  if (cell === 'everything') return 'everything';
  const allowed = new Map<string, Reach>();
  if (cell === 'nothing') return allowed;
  for (const item of cell.split(',')) {
    const match = /^`([a-z-]+)`(?: \((types|types but in testing)\))?$/.exec(item.trim());
    if (!match) {
      throw new Error(
        `ARCHITECTURE.md: "${item.trim()}" of ${folder} is not a room in backticks, with (types) or (types but in testing) behind it or not`,
      );
    }
    allowed.set(`@pawl/${match[1]}`, reaches[match[2] ?? ''] ?? 'values');
  }
  return allowed;
}

const reaches: Readonly<Record<string, Reach>> = {
  types: 'types',
  'types but in testing': 'types-but-in-testing',
};

function cellsOf(line: string): readonly string[] {
  if (!line.startsWith('|')) return [];
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function bare(cell: string): string {
  return cell.replaceAll('`', '');
}
