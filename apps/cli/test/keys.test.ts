import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { keysIn, openKeys } from '../src/keys.ts';

test('what a terminal sends at once is one key after the other; sequences stay whole', () => {
  expect(keysIn('ad\u001b[A\u001bOB?')).toEqual(['a', 'd', '\u001b[A', '\u001bOB', '?']);
});

test('the terminal is given back for a question, and at the end', async () => {
  const modes: boolean[] = [];
  const pressed: string[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const keys = openKeys(stdin, (key) => pressed.push(key));
  stdin.write('p');
  await new Promise(setImmediate);
  keys?.hold();
  keys?.hold();
  stdin.write('x');
  await new Promise(setImmediate);
  keys?.release();
  expect(modes).toEqual([true, false]);
  keys?.release();
  await new Promise(setImmediate);
  keys?.close();
  keys?.close();
  expect(modes).toEqual([true, false, true, false]);
  expect(pressed[0]).toBe('p');
});

test('nobody presses keys where there is no terminal', () => {
  expect(openKeys(undefined, () => {})).toBeUndefined();
  expect(openKeys(new PassThrough(), () => {})).toBeUndefined();
});
