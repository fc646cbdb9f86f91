import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type ExtensionApi, extensionFor, keepInside } from '../src/keep-inside.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-inside-')));
const folder = join(root, 'work');
mkdirSync(join(folder, 'deep'), { recursive: true });
mkdirSync(join(root, 'work-beside'));
mkdirSync(join(root, 'more'));
symlinkSync(root, join(root, 'more', 'up'));
writeFileSync(join(folder, 'file.txt'), '');
symlinkSync(root, join(folder, 'up'));
symlinkSync(join(root, 'not-there-yet'), join(folder, 'dangling'));
symlinkSync(folder, join(root, 'alias'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Load = (pi: ExtensionApi) => void;
type Handler = Parameters<ExtensionApi['on']>[1];

/** What the extension makes of a tool call. */
function calling(load: Load): Handler {
  const handlers: Handler[] = [];
  load({ on: (_, handler) => void handlers.push(handler) });
  return (call, context) => handlers[0]?.(call, context);
}
const call = calling((pi) => keepInside(pi, 'No: ', []));
const isInside = (path: string, cwd: string) => call({ toolName: 'write', input: { path } }, { cwd }) === undefined;

describe('what lies in a folder', () => {
  test.each([
    ['a file that is there', 'file.txt'],
    ['a new file', 'new.txt'],
    ['a new file in new folders', 'a/b/c.txt'],
    ['a detour', 'deep/../../work/x'],
    ['a whole path', join(folder, 'x')],
    ['a whole path by another name of the folder', join(root, 'alias', 'x')],
    ['a name that begins with dots', '..x'],
    ['the spelling that Pi takes for a file', '@x.txt'],
  ])('%s', (_, path) => expect(isInside(path, folder)).toBe(true));

  test('the folder may itself be named by a link', () => {
    expect(isInside('x', join(root, 'alias'))).toBe(true);
  });

  test.each([
    ['the folder itself', '.'],
    ['its parent', '..'],
    ['a file beside it', '../x'],
    ['a folder whose name begins alike', '../work-beside/x'],
    ['a whole path elsewhere', '/etc/hosts'],
    ['home', '~/x'],
    ['home itself', '~'],
    ['through a link', 'up/x'],
    ['a link to nothing, where a write would make it', 'dangling'],
    ['a spelling of Pi for a path elsewhere', '@/etc/hosts'],
  ])('not %s', (_, path) => expect(isInside(path, folder)).toBe(false));

  test('home as the folder', () => {
    expect(isInside('~/x', homedir())).toBe(true);
  });
});

describe('other directories', () => {
  const more = calling((pi) => keepInside(pi, 'No: ', [join(root, 'more'), join(root, 'later')]));
  const wrote = (path: string) => more({ toolName: 'edit', input: { path } }, { cwd: folder }) === undefined;

  test('are written in, also one that is not there yet, and so is the folder itself', () => {
    expect(['file.txt', join(root, 'more', 'x'), '../more/x', '../later/x'].filter((path) => !wrote(path))).toEqual([]);
  });

  test('but no others, also not through a link in one of them', () => {
    expect(['../x', '../more-beside/x', '../work-beside/x', '../more', '../more/up/x'].filter(wrote)).toEqual([]);
  });
});

describe('the extension', () => {
  test('blocks a write or an edit elsewhere, and says so', () => {
    for (const toolName of ['write', 'edit']) {
      expect(call({ toolName, input: { path: '../x' } }, { cwd: folder })).toEqual({
        block: true,
        reason: `No: ../x is outside of ${folder}, where this step works.`,
      });
    }
    expect(call({ toolName: 'write', input: { file_path: '/etc/x' } }, { cwd: folder })).toMatchObject({ block: true });
  });

  test('lets everything else pass', () => {
    const passes = (toolName: string, input: Record<string, string>) => call({ toolName, input }, { cwd: folder });
    expect(passes('write', { path: 'x' })).toBeUndefined();
    expect(passes('read', { path: '../x' })).toBeUndefined();
    expect(passes('bash', { command: 'cd ..' })).toBeUndefined();
    expect(passes('write', {})).toBeUndefined();
  });

  test('is the same as a file of its own', async () => {
    const module = (await import(`data:text/javascript,${encodeURIComponent(extensionFor([join(root, 'more')]))}`)) as {
      default: Load;
    };
    const own = calling(module.default);
    expect(own({ toolName: 'write', input: { path: '../x' } }, { cwd: folder })).toMatchObject({
      reason: expect.stringMatching(/^Denied by pawl: /),
    });
    for (const path of ['x', '../more/x', join(root, 'more', 'deep', 'x')])
      expect([path, own({ toolName: 'write', input: { path } }, { cwd: folder })]).toEqual([path, undefined]);
  });
});
