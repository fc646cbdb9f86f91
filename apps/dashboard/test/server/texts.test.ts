import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTexts } from '../../server/texts.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function dashboard(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-texts-'));
  folders.push(folder);
  return folder;
}
const now = Date.UTC(2026, 10, 29);
const left = (folder: string) => readdirSync(join(folder, 'texts'));

test('a text is a file of the owner’s alone for as long as it is read, also by what fails', async () => {
  const folder = dashboard();
  const texts = openTexts(folder, now);
  expect(statSync(join(folder, 'texts')).mode & 0o777).toBe(0o700);
  const said = await texts.during('Build a till.', 'md', async (file) => {
    expect(file).toMatch(/\.md$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    return readFileSync(file, 'utf8');
  });
  expect(said).toBe('Build a till.');
  expect(left(folder)).toEqual([]);
  await expect(texts.during('x', 'yaml', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(left(folder)).toEqual([]);
});

test('what a server that was killed has left goes with the next start, once nothing can be reading it', () => {
  const folder = dashboard();
  openTexts(folder, now);
  for (const [name, ageHours] of [
    ['old.md', 25],
    ['new.md', 1],
  ] as const) {
    writeFileSync(join(folder, 'texts', name), 'x');
    const at = new Date(now - ageHours * 60 * 60 * 1000);
    utimesSync(join(folder, 'texts', name), at, at);
  }
  openTexts(folder, now);
  expect(left(folder)).toEqual(['new.md']);
});
