import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileName, slug, turnFolder } from '../src/files/names.ts';

/** Any text there is, lone surrogates too, and ids that differ in little. */
const id = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('a', 'A', '/', '-', '.', '..', '#', ' ', 'ä', 'a\u0308', '\ud800', '\ud801', '\0', '\\', '🙂'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('', '.', '..', '/', '../../etc/passwd', 'x'.repeat(5000)),
);

test('a name is one segment, short, and never leads outside', () => {
  fc.assert(
    fc.property(id, (one) => {
      expect(slug(one)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
      expect(slug(one).length).toBeLessThan(100);
      for (const path of [turnFolder(one), fileName(one, 'log')])
        expect(resolve(join('/runs/r1', path)).startsWith('/runs/r1/')).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('two ids never have one name, not even where case does not count', () => {
  fc.assert(
    fc.property(id, id, (one, other) => {
      fc.pre(one !== other);
      expect(slug(one).toLowerCase()).not.toBe(slug(other).toLowerCase());
    }),
    { numRuns: 5000 },
  );
  expect(slug('a/b-c')).not.toBe(slug('a-b/c'));
  expect(slug(`${'x'.repeat(500)}1`)).not.toBe(slug(`${'x'.repeat(500)}2`));
  expect(slug('\ud800')).not.toBe(slug('\ud801'));
});

test('an id can be read in its name', () => {
  expect(turnFolder('build/auth/impl#2/run-agent')).toMatch(/^turns\/build\.auth\.impl-2\.run-agent-[0-9a-f]{16}$/);
});
