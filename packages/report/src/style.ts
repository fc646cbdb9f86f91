import type { GateResult, Status } from './model.ts';
import { plainLine } from './plain-text.ts';
import { displayWidth } from './width.ts';

/** Each is a format of `styleText` of `node:util`. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
/** Adds what a terminal turns into colour, or nothing: it must not change the width of the text. */
export type Color = (style: Style, text: string) => string;

export interface TextOptions {
  /** Columns; below 40 as if it were 40. */
  readonly width: number;
  readonly color?: Color;
  /** Milliseconds since the epoch: how long what runs has been running. Without it no time is shown for that. */
  readonly now?: number;
}

export const noColor: Color = (_style, text) => text;
export const columnsOf = (options: TextOptions): number => Math.max(40, Math.floor(options.width) || 40);

export const statusMarks: Readonly<Record<Status, string>> = {
  pending: '·',
  running: '▸',
  passed: '✓',
  failed: '✗',
  stopped: '■',
  skipped: '-',
};
export const statusStyles: Readonly<Record<Status, Style>> = {
  pending: 'dim',
  running: 'cyan',
  passed: 'green',
  failed: 'red',
  stopped: 'yellow',
  skipped: 'dim',
};

const gateMarks: Readonly<Record<GateResult['status'], string>> = statusMarks;
const gateStyles: Readonly<Record<GateResult['status'], Style>> = statusStyles;

/** A piece of a line: plain text, so that it can be measured and cut; the style comes on top. */
export interface Piece {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** `✓ compile`, `✗ test`, `- lint` for a skipped one. */
export function gatePiece(gate: GateResult): Piece {
  return { text: `${gateMarks[gate.status]} ${plainLine(gate.name)}`, style: gateStyles[gate.status] };
}

export function paint(pieces: readonly Piece[], color: Color, gap = ''): string {
  return pieces.map(({ text, style }) => (style === undefined ? text : color(style, text))).join(gap);
}

export function piecesWidth(pieces: readonly Piece[], gap = ''): number {
  const gaps = gap.length * Math.max(0, pieces.length - 1);
  return pieces.reduce((sum, piece) => sum + displayWidth(piece.text), gaps);
}
