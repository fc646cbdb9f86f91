import { styleText } from 'node:util';
import { cut, displayWidth, wrap } from '@pawl/report';
import { fold } from './display/fold.ts';

export type Style = Parameters<typeof styleText>[0];
/** A part of a line; with a style where it has one. */
export type Piece = string | readonly [Style, string];

/** What is needed of a process's output. */
export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** Node's own, of a terminal: looks its size up. Without it `columns` is that of the last SIGWINCH that was handled. */
  readonly _refreshSize?: (() => void) | undefined;
}

/** What one output can show. */
export interface Screen {
  /** Columns to lay text out for: a terminal's, else those of COLUMNS, else 80. */
  readonly width: number;
  readonly rows: number;
  /** A person looks at it. */
  readonly terminal: boolean;
  color(style: Style, text: string): string;
  /** Columns that one line may take: the width of a terminal; where there is none it is left whole. */
  readonly room: number;
  /** One line of what must be plain text, cut at the room there is. */
  line(...pieces: readonly Piece[]): string;
  /** Lines broken between words where a terminal ends; where there is none they are left whole. */
  fold(text: string): string;
  /** Plain text that must not be cut, behind a head: broken where there is no more room, each line below the first. */
  paragraph(head: readonly Piece[], text: string, style?: Style): readonly string[];
}

/** Where text for people and data go. */
export interface Terminal {
  /** Standard error. */
  readonly people: Screen;
  /** Standard output. */
  readonly data: Screen;
  /** For people, in whole lines; what is too long for a terminal is broken between words. */
  say(text: string): void;
  /** Data, or what was asked for, in whole lines. */
  print(text: string): void;
  /** Looks the size up, before something is drawn again: the terminal may have changed, and its signal not be handled yet. */
  measure(): void;
  /** For people, as it is: what is drawn again. */
  draw(text: string): void;
  /** Lines for people can be drawn again. */
  readonly live: boolean;
}

const narrowest = 40;
const widest = 500;
/** Columns that a paragraph needs beside its head. */
const leastBeside = 18;

export function openTerminal(env: NodeJS.ProcessEnv, { stdout, stderr }: { stdout: Stream; stderr: Stream }): Terminal {
  const dumb = env.TERM === 'dumb';
  const people = openScreen(env, stderr);
  return {
    people,
    data: openScreen(env, stdout),
    say: (text) => void stderr.write(`${people.fold(text)}\n`),
    print: (text) => void stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    measure: () => stderr._refreshSize?.(),
    draw: (text) => void stderr.write(text),
    live: stderr.isTTY === true && !dumb && !isSet(env.CI),
  };
}

function openScreen(env: NodeJS.ProcessEnv, stream: Stream): Screen {
  const colored = isColored(env, stream.isTTY === true);
  const given = Number(env.COLUMNS);
  const columns = (): number | undefined => (stream.isTTY && stream.columns) || (given > 0 ? given : undefined);
  return {
    get width() {
      return Math.min(widest, Math.max(narrowest, Math.floor(columns() ?? 80)));
    },
    get rows() {
      return (stream.isTTY && stream.rows) || 24;
    },
    terminal: stream.isTTY === true,
    color: (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text),
    get room() {
      return columns() === undefined ? widest : this.width;
    },
    fold(text) {
      return stream.isTTY ? fold(text, this.width) : text;
    },
    line(...pieces) {
      // Cut before it is painted: half an escape sequence would colour what follows.
      let room = columns() === undefined ? Number.POSITIVE_INFINITY : this.width;
      let line = '';
      for (const piece of pieces) {
        const text = textOf(piece);
        const shown = cut(text, room);
        line += typeof piece === 'string' || shown === '' ? shown : this.color(piece[0], shown);
        room -= displayWidth(shown);
        if (shown !== text) break;
      }
      return line;
    },
    paragraph(head, text, style) {
      if (columns() === undefined) return [this.line(...head, style === undefined ? text : [style, text])];
      const painted = (line: string): Piece => (style === undefined ? line : [style, line]);
      const indent = head.reduce((sum, piece) => sum + displayWidth(textOf(piece)), 0);
      // Behind a head that takes nearly all there is, the text begins on a line of its own.
      const below = this.width - indent < leastBeside;
      const space = ' '.repeat(below ? 8 : indent);
      const lines = wrap(text, this.width - space.length).map(painted);
      return below
        ? [this.line(...alone(head)), ...lines.map((line) => this.line(space, line))]
        : lines.map((line, index) => this.line(...(index === 0 ? head : [space]), line));
    },
  };
}

/** Without the padding at its end: it stands alone on its line. */
function alone(head: readonly Piece[]): readonly Piece[] {
  const last = head.at(-1);
  if (last === undefined) return [];
  const text = textOf(last).trimEnd();
  if (text === '') return alone(head.slice(0, -1));
  return [...head.slice(0, -1), typeof last === 'string' ? text : [last[0], text]];
}

const textOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece[1]);

/** NO_COLOR is the stronger one; FORCE_COLOR speaks for pipes too, and against colour as `0` or `false`. */
function isColored(env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (env.NO_COLOR || env.TERM === 'dumb') return false;
  if (env.FORCE_COLOR === undefined) return terminal;
  return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
}

const isSet = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false'].includes(value);
