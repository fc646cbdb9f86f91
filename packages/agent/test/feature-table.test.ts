import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docs/sessions.md'), 'utf8');
const lines = text.slice(text.indexOf('| feature | word |')).split('\n');
const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const header = cells(lines[0] ?? '');
const agents = header.slice(2, -1);
const rows = lines.slice(2, lines.indexOf('')).map((line) => {
  const [feature = '', word = '', ...rest] = cells(line);
  return {
    feature,
    word: word.replaceAll('`', ''),
    marks: rest.slice(0, -1),
    tests: (rest.at(-1) ?? '').split('<br>'),
  };
});

/** All that an adapter's sources say; undefined where there is no such adapter. */
function sourceOf(agent: string): string | undefined {
  const folder = join(root, `packages/provider-${agent}/src`);
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

function can(source: string, word: string): boolean {
  if (word === 'sessionDirVariable' || word === 'interactive') return source.includes(`${word}:`);
  if (word === 'sessionRetention') return source.includes(`${word},`);
  // Read from what the agent printed; not a list of servers that it is given.
  if (word === 'mcpServers') return /\bmcpServers: as[A-Z]/.test(source);
  const list = word === 'compaction' ? 'reports' : 'sessions';
  return (new RegExp(`\\b${list}: \\[([^\\]]*)\\]`).exec(source)?.[1] ?? '').includes(`'${word}'`);
}

test('the table has a column for every adapter, and rows', () => {
  const adapters = readdirSync(join(root, 'packages'))
    .filter((name) => name.startsWith('provider-') && name !== 'provider-kit')
    .filter((name) => existsSync(join(root, 'packages', name, 'src/index.ts')))
    .map((name) => name.slice('provider-'.length));
  expect(agents).toEqual(expect.arrayContaining(adapters));
  expect(header.at(-1)).toBe('test');
  expect(rows.length).toBeGreaterThan(30);
  expect(new Set(rows.map(({ feature }) => feature)).size).toBe(rows.length);
});

describe.each(rows)('$feature', ({ word, marks, tests }) => {
  test('is a row without an empty cell', () => {
    expect(marks).toHaveLength(agents.length);
    expect(marks.filter((mark) => mark !== '✓' && mark !== '–')).toEqual([]);
    expect(marks).toContain('✓');
  });

  test('says of each agent what its adapter says', () => {
    for (const [index, agent] of agents.entries()) {
      const source = sourceOf(agent);
      if (source === undefined) continue;
      const expected = word === '–' || can(source, word) ? '✓' : '–';
      expect(`${agent} ${marks[index]}`).toBe(`${agent} ${expected}`);
    }
  });

  test.each(tests)('is backed by %s', (named) => {
    const [path = '', name = ''] = named.split(' › ');
    expect(existsSync(join(root, path)), path).toBe(true);
    const source = readFileSync(join(root, path), 'utf8');
    const isNamed = [`'${name}'`, `'${name}:`, ` ${name}:`, `by ${name}'`].some((spelt) => source.includes(spelt));
    expect(isNamed, `a test named ${name} in ${path}`).toBe(true);
  });
});
