import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadReferences, foreignNames, projectFiles } from '../src/documents.ts';

const root = join(import.meta.dirname, '../../..');
const files = projectFiles(root);
const binary = (text: string) => text.includes('\0');

describe('the documents of this repository', () => {
  const documents = files.filter((path) => path.endsWith('.md') && !path.startsWith('.changeset/'));

  test('are there', () => {
    const expected = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'AGENTS.md', 'docs/glossary.md'];
    expect(documents).toEqual(expect.arrayContaining(expected));
  });

  test.each(documents)('%s leads nowhere that is not there', (path) => {
    expect(deadReferences(root, path)).toEqual([]);
  });
});

test('no file of the project names a place that only one machine has', () => {
  const found = files.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return binary(text) ? [] : foreignNames(path, text);
  });
  expect(found).toEqual([]);
});

describe('what leads nowhere is named', () => {
  let planted: string;
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(planted, path)), { recursive: true });
    writeFileSync(join(planted, path), text);
  };
  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), 'pawl-documents-'));
    put('packages/core/package.json', '{"name":"@pawl/core"}');
    put('tooling/checks/package.json', '{"name":"@pawl/checks"}');
    put('docs/there.md', '');
    put('node_modules/x/README.md', '[x](gone.md)');
    put('packages/core/recordings/x.md', '[x](gone.md)');
  });
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  test.each([
    ['[a](docs/there.md#part) [b](#here) [c](https://example.com/x)', []],
    [
      'packages/core, `@pawl/core`, `@pawl/checks`, packages/provider-*, @pawl/provider-*, --conditions=@pawl/source',
      [],
    ],
    ['```sh\n[a](gone.md) packages/mine\n```', []],
    ['[a](docs/gone.md)', ['a.md: the link docs/gone.md leads nowhere.']],
    ['see packages/gone.', ['a.md: there is no packages/gone.']],
    ["```ts\nimport '@pawl/gone';\n```", ['a.md: there is no package @pawl/gone.']],
  ])('%s', (text, expected) => {
    put('a.md', text);
    expect(deadReferences(planted, 'a.md')).toEqual(expected);
  });

  test('installed and recorded files are not looked at', () => {
    expect(projectFiles(planted)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/node_modules|recordings/)]),
    );
    expect(projectFiles(planted)).toContain('docs/there.md');
  });
});

describe('what only one machine has', () => {
  // Put together here, so that this file does not name them itself.
  const slash = '/';
  test.each([
    `see ${slash}root/notes`,
    `cd ${slash}work/tree`,
    `"${slash}root/.npm"`,
    `https:${slash}${slash}registry${'.'}example.org/x`,
  ])('%s', (line) => {
    expect(foreignNames('a.ts', `fine\n${line}\n`)).toEqual([expect.stringMatching(/^a\.ts:2: it names /)]);
  });

  test.each(['the registry. Next', 'src/work/tree.ts', 'a/root/b', '/home/user/x', '~/root/x'])(
    '%s is fine',
    (line) => {
      expect(foreignNames('a.ts', line)).toEqual([]);
    },
  );
});
