import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sessionWordsOf, typed, wordsOf } from '../server/acting/words.ts';
import { withOption } from '../web/src/parts/with-option.ts';
import type { Action, SessionAction } from '../wire.ts';
import { readPasted, readWords } from './stage/command-line.ts';

const step = "plan/it's <b>/impl";
const texts = ['plain', 'it\'s "so" $(touch x) `y`; & | > z \\', 'two\nlines', '- a list', '--abort', 'ümläut 🙂'];
const commit = 'a'.repeat(40);
const actions: readonly Action[] = [
  { action: 'approve', step, tree: commit, comment: 'well' },
  { action: 'approve', step, edited: true },
  ...texts.map((comment): Action => ({ action: 'reject', step, comment })),
  { action: 'pause' },
  { action: 'unpause' },
  { action: 'resume' },
  ...texts.map((reason): Action => ({ action: 'abort', reason })),
  { action: 'abort-step', step },
  { action: 'replay', step: '-x/impl', agent: 'strong', prompt: 'anything' },
  { action: 'apply', how: 'merge' },
  { action: 'apply', how: 'squash', branch: '-odd' },
  { action: 'apply', how: 'rebase', branch: 'feature/a b' },
  { action: 'undo', checkpoint: commit, into: 'branch' },
  { action: 'undo', checkpoint: commit, into: 'worktree' },
];
const sessionActions: readonly SessionAction[] = [
  { action: 'rename', title: "it's" },
  { action: 'tag', tag: 'a b' },
  { action: 'untag', tag: 'x' },
  { action: 'archive' },
  { action: 'unarchive' },
  { action: 'remove' },
  { action: 'fork' },
  { action: 'fork', at: 4, title: '--x' },
  { action: 'rewind', at: 2 },
  ...texts.map((prompt): SessionAction => ({ action: 'resume', prompt })),
];

test('what runs is taken by the command line’s own parser, and what is shown to be copied means the same', () => {
  const words = [
    ...actions.map((action) => wordsOf('261129-abcd', action)),
    ...sessionActions.map((action) => sessionWordsOf('s1', action)),
  ];
  const { read } = readWords(words);
  expect(read.filter((one) => 'refused' in one)).toEqual([]);
  expect(readPasted(words.map(typed))).toEqual(read);
  const said = read.flatMap((one) => ('options' in one && one.command === 'reject' ? [one.options.comment] : []));
  expect(said).toEqual(texts);
});

test('what a page adds to a command of the server’s is read as it was written', () => {
  const command = typed(wordsOf('261129-abcd', { action: 'reject', step }));
  const read = readPasted(texts.map((text) => withOption(command, 'comment', text)));
  expect(read.map((one) => 'options' in one && one.options)).toEqual(texts.map((comment) => ({ step, comment })));
  expect(withOption(command, 'comment', ' ')).toBe(command);
});

const documented = readFileSync(new URL('../../../docs/dashboard.md', import.meta.url), 'utf8');
const flagOf = (flags: string): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;

/** The rows of the table: command, options, where it is or why not, the test of it. */
const rows = documented
  .split('\n')
  .filter((line) => line.startsWith('| `pawl') || line.startsWith('| everywhere'))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim()));
const everywhere = new Set(
  rows.filter(([name]) => name === 'everywhere').flatMap(([, options = '']) => options.match(/--[a-z-]+/g) ?? []),
);

test('each command, and each of its options, has a place in the page or a reason why it has none', () => {
  const { entries } = readWords([]);
  const known = entries.flatMap(({ name, options }) =>
    [name, ...options.map((flags) => `${name} ${flagOf(flags)}`)].filter(
      (one) => !everywhere.has(one.slice(one.lastIndexOf(' ') + 1)),
    ),
  );
  const told = rows
    .filter(([name]) => name !== 'everywhere')
    .flatMap(([name = '', options = '']) => {
      const bare = name.replaceAll('`', '');
      const named = (options.match(/--[a-z-]+/g) ?? []).map((flag) => `${bare} ${flag}`);
      return options.includes('--') && !options.includes('itself') ? named : [bare, ...named];
    });
  expect(told.toSorted()).toEqual(known.toSorted());
});

test('what has a place has a test in the browser, under the name that is given', () => {
  const folder = join(import.meta.dirname, 'web');
  const code = readdirSync(folder)
    .filter((name) => name.endsWith('.web.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const names = [...code.matchAll(/\btest(?:\.each\([\s\S]*?\))?\(\s*'((?:[^'\\]|\\.)*)'/g)].map(([, name]) => name);
  const wanted = rows.filter(([, , place = '']) => !place.startsWith('not here')).map(([, , , name = '']) => name);
  expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
  expect(rows.filter(([, , place = '', name]) => place.startsWith('not here') !== (name === '–'))).toEqual([]);
});
