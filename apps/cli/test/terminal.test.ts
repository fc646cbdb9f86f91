import { displayWidth } from '@pawl/report';
import { describe, expect, test } from 'vitest';
import { openTerminal, type Stream } from '../src/terminal.ts';

const pipe: Stream = { write: () => true };
const tty = (columns: number | undefined): Stream => ({ write: () => true, isTTY: true, columns, rows: 30 });
const open = (env: NodeJS.ProcessEnv, stdout = pipe, stderr = pipe) => openTerminal(env, { stdout, stderr });
const red = '\u001b[31mx\u001b[39m';

describe('colour', () => {
  test.each([
    [{}, tty(80), red],
    [{}, pipe, 'x'],
    [{ FORCE_COLOR: '1' }, pipe, red],
    [{ FORCE_COLOR: '' }, pipe, red],
    [{ FORCE_COLOR: '0' }, tty(80), 'x'],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, tty(80), 'x'],
    [{ NO_COLOR: '' }, tty(80), red],
    [{ TERM: 'dumb' }, tty(80), 'x'],
    [{ CI: 'true' }, tty(80), red],
  ])('%j', (env, stream, shown) => {
    expect(open(env, pipe, stream).people.color('red', 'x')).toBe(shown);
    expect(open(env, stream).data.color('red', 'x')).toBe(shown);
  });

  test('a file gets none because standard error is a terminal', () => {
    const terminal = open({}, pipe, tty(80));
    expect(terminal.data.color('red', 'x')).toBe('x');
    expect(terminal.people.color('red', 'x')).toBe(red);
  });
});

test.each([
  [{}, pipe, 80],
  [{ COLUMNS: '100' }, pipe, 100],
  [{ COLUMNS: 'wide' }, pipe, 80],
  [{ COLUMNS: '-3' }, pipe, 80],
  [{ COLUMNS: '1e9' }, pipe, 500],
  [{ COLUMNS: '100' }, tty(132), 132],
  [{}, tty(0), 80],
  [{}, tty(10), 40],
])('width with %j', (env, stream, width) => {
  expect(open(env, pipe, stream).people.width).toBe(width);
});

test('lines are drawn again on a terminal only', () => {
  expect(open({}, pipe, tty(80)).live).toBe(true);
  expect(open({ CI: 'false' }, pipe, tty(80)).live).toBe(true);
  for (const env of [{ CI: '1' }, { TERM: 'dumb' }]) expect(open(env, pipe, tty(80)).live).toBe(false);
  expect(open({}, tty(80), pipe).live).toBe(false);
});

describe('a line', () => {
  const pieces = ['  ', ['red', '✗'], ` ${'long '.repeat(20)}`, ['dim', 'end']] as const;

  test('is cut where the terminal ends, before it is painted', () => {
    const line = open({}, pipe, tty(40)).people.line(...pieces);
    expect(displayWidth(line)).toBe(40);
    expect(line).toBe(`  \u001b[31m✗\u001b[39m ${'long '.repeat(7)}…`);
    const cutInColour = open({}, pipe, tty(40)).people.line(['red', '店'.repeat(30)]);
    expect(cutInColour).toBe(`\u001b[31m${'店'.repeat(19)}…\u001b[39m`);
  });

  test('is left whole where there is none', () => {
    expect(open({}).people.line(...pieces)).toBe(`  ✗ ${'long '.repeat(20)}end`);
  });
});

test('a paragraph is broken below its head, and left whole where there is no terminal', () => {
  const text = 'the reason is long and must be read to its end';
  const head = ['  ', ['red', '✗'], ' '] as const;
  expect(open({ NO_COLOR: '1' }, pipe, tty(40)).people.paragraph(head, text)).toEqual([
    '  ✗ the reason is long and must be read',
    '    to its end',
  ]);
  expect(open({}).people.paragraph(head, text.repeat(20))).toHaveLength(1);
  expect(open({}, pipe, tty(40)).people.paragraph(['  '], text, 'red')[1]).toBe('  \u001b[31mits end\u001b[39m');
});
