import { directories, mcpServers, plainDirectories, refused } from '@pawl/provider-kit/options';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

describe('servers', () => {
  test('have a name and a command; arguments and variables where they need some', () => {
    expect(mcpServers.parse([{ name: 'notes', command: 'notes' }])).toEqual([
      { name: 'notes', command: 'notes', args: [], env: {} },
    ]);
    expect(mcpServers.parse(undefined)).toBeUndefined();
  });

  test.each([
    [{}],
    [{ name: 'a b', command: 'x' }],
    [{ name: 'a.b', command: 'x' }],
    [{ name: 'a', command: '' }],
    [{ name: 'a', command: 'x', env: { A: 1 } }],
    [{ name: 'a', command: 'x', url: 'y' }],
  ])('%j is none', (server) => expect(mcpServers.safeParse([server]).success).toBe(false));
});

describe('directories', () => {
  test.each(['/', '/one', '/two words', '/a,b', 'C:\\one', 'C:/one', '\\\\host\\share'])('%s', (folder) => {
    expect(directories.parse([folder])).toEqual([folder]);
  });

  test.each(['', 'one', './one', '../one', '~/one', '~', '-one', '/a\0b'])('not %j', (folder) => {
    expect(directories.safeParse([folder]).success).toBe(false);
  });

  test.each(['/a,b', '/a*', '/a?', '/!a', '/(a)', '/[a]', '/{a}'])(
    '%s is none for a CLI that takes patterns',
    (folder) => {
      expect(plainDirectories.safeParse(['/plain', folder]).error?.issues[0]?.message).toMatch(/means another/);
    },
  );
});

test('an option that an agent has not is refused by its name and why; without it all is well', () => {
  const options = z.strictObject({ effort: refused('there is no such thing here') });
  expect(options.parse({})).toEqual({});
  expect(options.safeParse({ effort: 'high' }).error?.issues).toMatchObject([
    { path: ['effort'], message: 'there is no such thing here' },
  ]);
});
