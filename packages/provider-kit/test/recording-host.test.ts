import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { collect, readRecordings, recordingHost, replay } from '@pawl/provider-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { done, ready, toy } from './toy.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-recording-')));
afterAll(() => rmSync(place, { recursive: true, force: true }));

function program(name: string, ...lines: readonly string[]): string {
  const file = join(place, name);
  writeFileSync(file, ['#!/bin/sh', ...lines].join('\n'));
  chmodSync(file, 0o755);
  return file;
}

const env = { PATH: process.env.PATH ?? '', HOME: place };
const request = { cwd: place, access: 'edit', start: { kind: 'new' } } as const;
const recordings = join(place, 'recordings');
const folderOf = (name: string) => new URL(`${name}/`, pathToFileURL(`${recordings}/`));

test('what is recorded of a process plays back as the same events', async () => {
  const file = program('works', `echo '${ready('s1')}'`, 'echo oh >&2', `echo '${done('hello')}'`, 'exit 3');
  const host = recordingHost(env);
  const session = await toy().open({ ...request, options: { file } }, host);
  const events = await collect(session.turn({ prompt: 'hi' }));
  await host.write(folderOf('works'), { request });

  const [recording] = readRecordings(pathToFileURL(recordings));
  expect(recording).toMatchObject({ name: 'works', stderr: 'oh\n', exit: { code: 3 }, context: { request } });
  expect(recording?.argv).toMatch(/^TOY=own TOY_ID=\S+ works new '\{\}' plain$/);
  expect(recording && (await replay(toy(), recording))).toEqual(events);
});

test('of files and folders it keeps those of its place: as they were before the start where they were read then', async () => {
  const mine = join(place, 'home');
  const state = join(mine, 'state');
  const file = program('changes', `echo after > ${state}`, `echo more > ${mine}/more`);
  mkdirSync(mine);
  writeFileSync(state, 'before\n');
  const host = recordingHost(env, { place: mine, kept: (text) => text.trim(), word: (word) => word.toUpperCase() });
  await host.readFile(state);
  await host.spawn({ file, args: ['a', "it's"], cwd: place }).exit;
  await host.readFile(state);
  await host.readFile(`${mine}/more`);
  await host.readFile(file);
  await host.listFolder(mine);
  await host.listFolder(`${mine}/absent`);
  await host.listFolder(place);
  await host.write(folderOf('changes'), {});

  const recording = readRecordings(pathToFileURL(recordings)).find(({ name }) => name === 'changes');
  expect(recording?.argv).toBe(`changes A 'IT'\\''S'`);
  expect(recording?.context).toEqual({
    env: { HOME: place },
    files: { [state]: 'before', [`${mine}/more`]: 'more' },
    folders: { [mine]: expect.arrayContaining(['state', 'more']) },
  });
});

test('the process that was started last counts, and what it said on standard error alone', async () => {
  const host = recordingHost(env);
  const noisy = program('noisy', 'echo one', 'echo "file:///somewhere/node_modules/cli/main.js broke" >&2');
  await host.spawn({ file: noisy, args: [], cwd: place }).exit;
  await host.write(folderOf('twice'), {});
  const read = () => readRecordings(pathToFileURL(recordings)).find(({ name }) => name === 'twice');
  expect(read()).toMatchObject({ stdout: 'one\n', stderr: 'node_modules/cli/main.js broke\n', exit: { code: 0 } });

  await host.spawn({ file: program('quiet', 'echo two', 'kill -9 $$'), args: [], cwd: place }).exit;
  await host.write(folderOf('twice'), {});
  expect(read()).toMatchObject({ stdout: 'two\n', stderr: '', exit: { signal: 'SIGKILL' } });
  expect(readdirSync(folderOf('twice'))).not.toContain('stderr.txt');
});

test('nothing started is nothing to record', async () => {
  await expect(recordingHost(env).write(folderOf('nothing'), {})).rejects.toThrow('nothing was started');
});
