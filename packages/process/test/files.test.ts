import { existsSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { spawnProcess } from '@pawl/process';
import { describe, expect, test } from 'vitest';
import { collect, script } from './programs.ts';

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('pawl-files-'));
const shows = script(`
  const { readFileSync } = require('node:fs');
  const [path] = process.argv.slice(1);
  console.log(JSON.stringify({ path, text: readFileSync(path, 'utf8'), env: process.env.CONFIG }));
`);
const files = { 'a schema': '{"a": "ü"}', '../../up': 'other' };

describe('files of a command', () => {
  test('are there, named by an argument or a variable, for nobody else, and gone at the end', async () => {
    const running = spawnProcess({
      ...shows,
      args: [...shows.args, 'a schema', 'not a schema'],
      env: { CONFIG: '../../up', OTHER: 'a' },
      files,
    });
    const [line = ''] = await collect(running);
    const { path, text, env } = JSON.parse(line);
    expect(text).toBe('{"a": "ü"}');
    expect(dirname(env)).toBe(dirname(path));
    await running.exit;
    expect(existsSync(dirname(path))).toBe(false);
  });

  test('are private while it runs, also when it is stopped', async () => {
    const waits = script('console.log(process.argv[1]); setInterval(() => {}, 1000)');
    const running = spawnProcess({ ...waits, args: [...waits.args, 'a schema'], files });
    const { value } = await running.lines[Symbol.asyncIterator]().next();
    expect(statSync(value.text).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(value.text)).mode & 0o777).toBe(0o700);
    await running.stop();
    await running.exit;
    expect(existsSync(dirname(value.text))).toBe(false);
  });

  test('are not left behind by a program that is not there', async () => {
    const before = leftovers();
    const running = spawnProcess({ ...shows, file: 'no-such-program-of-pawl', files });
    expect((await running.exit).error?.code).toBe('not-found');
    expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
  });
});
