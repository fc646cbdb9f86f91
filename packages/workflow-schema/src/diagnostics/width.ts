// Two columns wide: East Asian wide and fullwidth blocks, and emoji. Ranges of code points, ascending.
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2795, 0x2797],
  [0x2b50, 0x2b50],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

const zero = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const tabStop = 4;

/** Columns that a terminal gives a character. */
function width(character: string): number {
  if (zero.test(character)) return 0;
  const point = character.codePointAt(0) ?? 0;
  return wide.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}

/** A line as it is shown: tabs become spaces, what would disturb a terminal becomes `�`. */
export interface ShownLine {
  readonly cells: readonly { readonly text: string; readonly columns: number; readonly offset: number }[];
}

export function showLine(line: string): ShownLine {
  const cells: { text: string; columns: number; offset: number }[] = [];
  let offset = 0;
  let column = 0;
  for (const character of line) {
    let text = character;
    let columns = width(character);
    if (character === '\t') {
      columns = tabStop - (column % tabStop);
      text = ' '.repeat(columns);
    } else if (/[\p{Cc}\p{Cs}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(character)) {
      text = '\uFFFD';
      columns = 1;
    }
    cells.push({ text, columns, offset });
    offset += character.length;
    column += columns;
  }
  return { cells };
}
