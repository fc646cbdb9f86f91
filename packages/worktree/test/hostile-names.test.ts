import { join } from 'node:path';
import { applyRun } from '@pawl/worktree';
import { expect, test } from 'vitest';
import { contents, expectSound, put, sample, take } from './sample.ts';

/** Names that are options, patterns or paths to somebody, or the same name to a file system that folds them. */
const names = [
  ...['Till.txt', 'till.txt', 'TILL.TXT'],
  ...['caf\u00e9.txt', 'cafe\u0301.txt'],
  ...['-n', '--force', '--output=x', '-- ', ':(top)x', ':!x', '*', '[a]', '?.txt', '~', '$(id)', '`id`', 'a\\b'],
  ...[
    'two\nlines',
    'tab\there',
    '"quoted"',
    "it's",
    ' space first',
    'space last ',
    '#note',
    '.gitmodules.txt',
    'HEAD',
    'refs',
  ],
];
const files = Object.fromEntries(names.map((name, index) => [name, `${index}\n`]));

test('files of any name are kept byte for byte: checkpoint, reset, and what is applied', async () => {
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const lane = await one.lane();
  const tip = await take(lane, base, 'names', files);
  expect(contents(lane.path)).toMatchObject(files);

  for (const name of names) put(join(lane.path, name), 'spoilt\n');
  const spoilt = await lane.checkpoint({ name: 'spoilt', since: tip, message: 'm' });
  expect(spoilt.files.map(({ path }) => path).sort()).toEqual([...names].sort());
  await lane.reset(tip);
  expect(contents(lane.path)).toMatchObject(files);

  const mine = contents(one.root);
  await applyRun({ repository: await one.open(), commit: lane.branch, run: 'run-1' });
  expect(contents(one.root)).toEqual({ ...mine, ...files });
  expect(one.git('status', '--porcelain')).toBe('');
  expectSound(one);
});
