import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gateMatcher, judgeFiles, taskMatcher } from '../src/gates/changed-files.ts';
import { compileGlob } from '../src/gates/glob.ts';
import { startRun } from '../src/index.ts';
import { World } from './fakes.ts';
import { checks, code, planOf } from './plans.ts';

const tdd = '{**/*_test.*,**/*.test.*,**/*.spec.*,**/test_*,**/test/**,**/tests/**,**/__tests__/**}';

describe('a glob over whole paths', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['src/*.ts', ['src/a.ts', 'src/.hidden.ts'], ['src/a/b.ts', 'a/src/a.ts', 'src/a.tsx', 'src/.ts/a']],
    ['src/**', ['src/a', 'src/a/b/c.ts', 'src/.git'], ['srcs/a', 'a/src/b']],
    ['src/**/*.ts', ['src/a.ts', 'src/a/b/c.ts'], ['src/a.js', 'a.ts']],
    ['**/test/**', ['test/a', 'a/test/b', 'a/b/test/c/d'], ['tests/a', 'a/testing/b']],
    ['**/a/**/b', ['a/b', 'x/a/y/z/b'], ['a/b/c', 'ab']],
    ['**', ['a', 'a/b/c'], []],
    ['a?c.ts', ['abc.ts', 'aäc.ts', 'a🙂c.ts'], ['ac.ts', 'a/c.ts', 'abbc.ts']],
    ['a**b', ['ab', 'axyb'], ['a/b']],
    ['[a-c]x', ['ax', 'cx'], ['dx', '-x', 'x']],
    ['[!a-c]x', ['dx', '-x'], ['ax', '/x']],
    ['[]a]x', [']x', 'ax'], ['bx']],
    ['[a-]x', ['-x', 'ax'], ['bx']],
    ['[ab', ['[ab'], ['a']],
    ['{a,b/{c,d}}.ts', ['a.ts', 'b/c.ts', 'b/d.ts'], ['c.ts', 'b.ts']],
    ['{a}', ['{a}'], ['a']],
    ['a{,b}', ['a', 'ab'], ['b']],
    ['}{a,b', ['}{a,b'], ['a']],
    ['app/[id]/**', ['app/[id]/page.tsx', 'app/i/x', 'app/d/x'], ['app/x/y', 'app/id/x']],
    ['app/(group)/*.tsx', ['app/(group)/page.tsx'], ['app/group/page.tsx']],
    ['-rf/*', ['-rf/a'], ['rf/a']],
    ['ä/日本*', ['ä/日本語', 'a\u0308/日本'], ['a/日本']],
    ['Src/*', ['Src/a'], ['src/a']],
    ['a.b', ['a.b'], ['axb']],
    ['a+b$^|', ['a+b$^|'], ['aab']],
    [tdd, ['a_test.go', 'x/a.test.ts', 'test/a', 'a/__tests__/b/c', 'x/test_a.py'], ['src/latest.ts', 'contest.ts']],
  ])('%s', (glob, yes, no) => {
    const matches = compileGlob(glob);
    for (const path of yes) expect(matches(path), path).toBe(true);
    for (const path of no) expect(matches(path), path).toBe(false);
  });

  test('agrees with a slow one that is plainly right', () => {
    const piece = fc.constantFrom('a', 'b', '*', '**', '?', '/', '[ab]');
    const letter = fc.constantFrom('a', 'b', 'c', '/');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(letter, { maxLength: 8 }), (glob, path) => {
        const [pattern, text] = [glob.join(''), path.join('')];
        const names = text.split('/');
        const slow = (parts: readonly string[], left: readonly string[]): boolean => {
          const [part, ...others] = parts;
          if (part === undefined) return left.length === 0;
          if (part === '**') return slow(others, left) || (left.length > 0 && slow(parts, left.slice(1)));
          const [name, ...rest] = left;
          if (name === undefined) return false;
          const source = part.replace(/[*]+|[?]/g, (found) => (found === '?' ? '.' : '.*'));
          return new RegExp(`^${source}$`).test(name) && slow(others, rest);
        };
        expect(compileGlob(pattern)(text)).toBe(slow(pattern.split('/'), names));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['*a*a*a*a*a*a*a*a*b', 'a'.repeat(255)],
    ['**/a/**/a/**/a/**/a/**/b', 'a/'.repeat(1000)],
    [`${'*a/'.repeat(50)}b`, `${'aaaa/'.repeat(400)}x`],
    ['{a,b}'.repeat(40), 'a'.repeat(40)],
    ['{'.repeat(100_000), 'a'],
    ['{a,'.repeat(300), 'a'],
    [`${'/'.repeat(1_000_000)}x`, 'a'],
  ])('ends for a hostile one', (glob, path) => {
    taskMatcher(glob)(path);
    gateMatcher(glob)(path);
  });
});

describe('the glob of a gate', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['*.test.ts', ['a.test.ts', 'deep/down/a.test.ts'], ['a.ts', 'a.test.ts/b']],
    ['package.json', ['package.json', 'packages/a/package.json'], ['package.json5']],
    ['vendor', ['vendor/a', 'x/vendor/y/z', 'vendor'], ['vendors/a']],
    ['tests/', ['tests/a', 'tests/a/b'], ['a/tests/b', 'tests.ts']],
    ['./src/gen', ['src/gen', 'src/gen/a.ts'], ['src/generated.ts', 'a/src/gen/x']],
    ['/src/*.ts', ['src/a.ts'], ['a.ts']],
    ['.', ['a', 'a/b'], []],
    ['-*', ['-a', 'x/-b'], ['a-']],
    ['.env', ['.env', 'a/.env'], ['a.env']],
    ['src/[id].ts', ['src/[id].ts', 'src/i.ts'], ['src/x.ts']],
  ])('%s', (glob, yes, no) => {
    for (const path of yes) expect(gateMatcher(glob)(path), path).toBe(true);
    for (const path of no) expect(gateMatcher(glob)(path), path).toBe(false);
  });
});

describe('the files of a task', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['src/auth.ts', ['src/auth.ts'], ['src/auth.tsx', 'x/src/auth.ts']],
    ['src/auth', ['src/auth/a.ts', 'src/auth'], ['src/author.ts']],
    ['./src/auth/', ['src/auth/a/b.ts'], ['src/auth.ts']],
    ['*.md', ['README.md'], ['docs/a.md']],
    ['docs/**/*.md', ['docs/a.md', 'docs/b/c.md'], ['docs/a.txt']],
    [' lib/ ', ['lib/a'], ['lib2/a']],
    ['app/(shop)/[id]/page.tsx', ['app/(shop)/[id]/page.tsx'], ['app/shop/i/page.tsx']],
    ['@(a|b)', ['@(a|b)'], ['a']],
  ])('%s', (glob, yes, no) => {
    for (const path of yes) expect(taskMatcher(glob)(path), path).toBe(true);
    for (const path of no) expect(taskMatcher(glob)(path), path).toBe(false);
  });
});

describe('judging changed files', () => {
  const paths = ['src/a.ts', 'test/a.test.ts'];
  test.each([
    ['touched', '*.test.ts', true, undefined],
    ['touched', '*.md', false, /No changed file matches \*\.md.*\nsrc\/a\.ts\ntest\/a\.test\.ts$/],
    ['untouched', '*.md', true, undefined],
    ['untouched', 'test/', false, /must stay as they are:\ntest\/a\.test\.ts$/],
    ['touched', '!(a)', false, /cannot be used: !\(…\) is not supported/],
    ['untouched', '@(a|b)/*', false, /cannot be used/],
  ] as const)('%s %s', (kind, glob, pass, failure) => {
    const found = judgeFiles({ name: 'g', kind, glob }, paths);
    expect(found.pass).toBe(pass);
    if (failure) expect(found.failure).toMatch(failure);
    else expect(found.failure).toBeUndefined();
  });

  test('nothing changed touches nothing', () => {
    expect(judgeFiles({ name: 'g', kind: 'touched', glob: '**' }, [])).toMatchObject({
      pass: false,
      failure: expect.stringContaining('(nothing)'),
    });
    expect(judgeFiles({ name: 'g', kind: 'untouched', glob: '**' }, [])).toEqual({ pass: true });
  });

  test('a long list is cut', () => {
    const many = Array.from({ length: 80 }, (_, index) => `f${index}`);
    const { failure } = judgeFiles({ name: 'g', kind: 'task_files', globs: ['src/'] }, many);
    expect(failure).toContain('f49\n… and 30 more');
    expect(failure).not.toContain('f50');
  });

  test('sees the whole step over its attempts, and a step of gates the whole run', async () => {
    const world = new World({
      script: ({ attempt, files }) => {
        if (attempt === 1) files.set('a.test.ts', 'first');
        else files.set('b.ts', 'second');
        return {};
      },
      commands: { gate: (files) => ({ code: files.has('b.ts') ? 0 : 1 }) },
    });
    const touched = { name: 'touched', kind: 'touched', glob: '*.test.ts' } as const;
    const steps = [code('impl', { gates: [touched, 'gate'], attempts: 2 }), checks('after', touched)];
    const plan = planOf(world.repository.base, [checks('before', { ...touched, kind: 'untouched' }), ...steps]);
    const state = await startRun('r1', plan, world.ports());
    expect([state.status, world.asked.length]).toEqual(['passed', 2]);
  });
});
