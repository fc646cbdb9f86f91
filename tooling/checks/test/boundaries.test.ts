import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkBoundaries } from '../src/boundaries.ts';
import { type Files, manifest, sound, template, violationsWith } from './planted.ts';

const core = 'packages/core/src/index.ts';
const runner = 'packages/runner/src/index.ts';
const one = 'packages/provider-one/src/index.ts';

test('this repository keeps its boundaries', () => {
  expect(checkBoundaries(join(import.meta.dirname, '../../..'))).toEqual([]);
});

test('the sound tree, which the violations below are planted in, has none', () => {
  expect(violationsWith({})).toEqual([]);
});

/** Each row: what is planted, and what the one sentence about it must say. */
const planted: readonly [string, Files, RegExp][] = [
  [
    'a dependency that the table does not allow',
    { 'packages/core/package.json': manifest('@pawl/core', ['@pawl/provider', '@pawl/process']) },
    /core\/package\.json.*may not depend on @pawl\/process/,
  ],
  [
    'a package without a row',
    { 'packages/extra/package.json': manifest('@pawl/extra', []) },
    /packages\/extra: it has no row/,
  ],
  [
    'a row without a folder',
    { 'ARCHITECTURE.md': `${sound['ARCHITECTURE.md']}| \`packages/gone\` | \`@pawl/gone\` | – | – | nothing |\n` },
    /no folder packages\/gone/,
  ],
  [
    'a name that the table does not have',
    { 'packages/provider-two/package.json': manifest('@pawl/adapter-two', []) },
    /its name is @pawl\/adapter-two/,
  ],
  [
    'a script that runs on install',
    { 'packages/runner/package.json': manifest('@pawl/runner', ['@pawl/core'], { scripts: { postinstall: 'x' } }) },
    /remove the script postinstall/,
  ],
  [
    'an import that the table does not allow',
    { [runner]: "import '@pawl/process';\n" },
    /may not import @pawl\/process/,
  ],
  [
    'a package of ours in the web half of an app',
    { 'apps/cli/web/src/page.tsx': "import { run } from '@pawl/runner';\n" },
    /page\.tsx:1: the web half may not import @pawl\/runner/,
  ],
  [
    'the server in the web half of an app',
    { 'apps/cli/web/src/page.tsx': "import type { x } from '../../server/x.ts';\n", 'apps/cli/server/x.ts': '' },
    /is not of the web half: it may import wire\.ts and nothing else/,
  ],
  [
    'a value of wire.ts in the web half of an app',
    {
      'apps/cli/web/src/page.tsx':
        "const Page = () => <p>it's {'}'}</p>;\nimport { x } from '../../wire.ts';\nexport { Page };\n",
      'apps/cli/wire.ts': 'export const x = 1;\n',
    },
    /of wire\.ts only types are imported/,
  ],
  [
    'an import in wire.ts',
    { 'apps/cli/wire.ts': "import type { x } from './src/main.ts';\n" },
    /wire\.ts imports nothing but its subjects/,
  ],
  [
    'an import in a subject of wire.ts',
    {
      'apps/cli/wire.ts': "export type { X } from './wire/x.ts';\n",
      'apps/cli/wire/x.ts': "import type { X } from '../server/x.ts';\nexport type { X };\n",
      'apps/cli/server/x.ts': '',
    },
    /wire\/x\.ts:1: wire\.ts imports nothing but its subjects/,
  ],
  [
    'a subject of wire.ts in the web half of an app',
    {
      'apps/cli/web/src/page.tsx': "import type { X } from '../../wire/x.ts';\n",
      'apps/cli/wire/x.ts': 'export interface X {}\n',
    },
    /is not of the web half: it may import wire\.ts and nothing else/,
  ],
  [
    'an undeclared import',
    { [runner]: "import type { A } from '@pawl/provider';\n" },
    /not a dependency of packages\/runner/,
  ],
  [
    'a value where only types may come',
    { [core]: "import { x } from '@pawl/provider';\n" },
    /only types of @pawl\/provider/,
  ],
  [
    'inline type words, which leave an import behind',
    { [core]: "import { type A } from '@pawl/provider';\n" },
    /only types of @pawl\/provider/,
  ],
  ['a re-export of a value', { [core]: "export * from '@pawl/provider';\n" }, /only types of @pawl\/provider/],
  ['the source of another package', { [runner]: "import { f } from '@pawl/core/src/index.ts';\n" }, /is not exported/],
  [
    'a path into another package, in a test too',
    { 'packages/core/test/core.test.ts': "import '../../provider/src/a.ts';\n" },
    /core\.test\.ts:1: .* leaves the package/,
  ],
  ['an app in a package', { [runner]: "import type { Main } from 'pawl';\n" }, /nobody imports an app/],
  [
    'an app as a dependency',
    { 'packages/provider-two/package.json': manifest('@pawl/provider-two', [], { devDependencies: { pawl: '*' } }) },
    /nobody depends on an app/,
  ],
  [
    'an adapter in an adapter',
    { [one]: "import { two } from '@pawl/provider-two';\n" },
    /adapters do not know each other/,
  ],
  [
    'an adapter that another one depends on for its tests',
    {
      'packages/provider-one/package.json': manifest('@pawl/provider-one', ['@pawl/provider-kit'], {
        devDependencies: { '@pawl/provider-two': '*' },
      }),
    },
    /adapters do not know each other/,
  ],
  ['the core in an adapter', { [one]: "import type { F } from '@pawl/core';\n" }, /may not import @pawl\/core/],
  ['a spawning adapter', { [one]: "import { spawn } from 'node:child_process';\n" }, /only packages\/process starts/],
  [
    'a spawn by the bare name',
    { [runner]: "const { exec } = await import('child_process');\n" },
    /only packages\/process starts/,
  ],
  ['execa elsewhere', { 'apps/cli/src/main.ts': "import { execa } from 'execa';\n" }, /only packages\/process starts/],
  ['SQLite elsewhere', { [runner]: "import { DatabaseSync } from 'node:sqlite';\n" }, /only packages\/session-store/],
  ['Node in a pure package', { [core]: "import type { Stats } from 'node:fs';\n" }, /has no node:fs/],
  ['a bare builtin in a pure package', { [core]: "import path from 'path/posix';\n" }, /has no path\/posix/],
  ['the clock', { [core]: 'export const f = () => Date.now();\n' }, /may not use Date/],
  ['randomness', { [core]: 'export const f = () => Math.random();\n' }, /may not use Math\.random/],
  ['the environment', { [core]: 'export const f = () => process.env;\n' }, /may not use process/],
  ['a timer', { [core]: 'export const f = () => setTimeout(f, 1);\n' }, /may not use setTimeout/],
  ['output', { [core]: 'export const f = () => console.log(1);\n' }, /may not use console/],
  [
    'a global inside a template',
    { [core]: template('export const f = () => `at @{ { a: `@{Date.now()}` }.a }`;\n') },
    /may not use Date/,
  ],
  [
    'a cycle between files',
    {
      'packages/runner/src/a.ts': "import './b.ts';\n",
      'packages/runner/src/b.ts': "import { c } from './c.ts';\n",
      'packages/runner/src/c.ts': "export * from './a.ts';\n",
    },
    /src\/a\.ts -> .*b\.ts -> .*c\.ts -> .*a\.ts is an import cycle/,
  ],
  [
    'a cycle between packages, through the tests of one',
    {
      'packages/core/package.json': manifest('@pawl/core', ['@pawl/provider'], {
        devDependencies: { '@pawl/runner': '*' },
      }),
    },
    /@pawl\/core -> @pawl\/runner -> @pawl\/core is a cycle/,
  ],
];

test.each(planted)('%s is one sentence that says what to do', (_, files, expected) => {
  const violations = violationsWith(files);
  expect(violations).toHaveLength(1);
  expect(violations[0]).toMatch(expected);
  expect(violations[0]).toMatch(/: .*\.$/);
});

describe('what is allowed', () => {
  const allowed: readonly [string, Files][] = [
    [
      'words of the pure list in comments, strings, templates, patterns and property names',
      {
        [core]: [
          "// Date.now(), import 'node:fs'",
          "/* process.env */ const text = 'Math.random() setTimeout';",
          template('const template = `console.log @{text} process`;'),
          'const pattern = /Date|process["\'`]/g;',
          'const half = text.length / 2; const more = half / 3;',
          'export const value = { process: template, Date: pattern, fetch: more }.process;',
          'export const other = (value as { console?: string }).console ?? value?.process;',
        ].join('\n'),
      },
    ],
    [
      'a type-only cycle of files',
      {
        'packages/runner/src/a.ts': "import type { B } from './b.ts';\n",
        'packages/runner/src/b.ts': "import { a } from './a.ts';\n",
      },
    ],
    ['a subpath that is exported', { [runner]: "import manifest from '@pawl/core/package.json';\n" }],
    ['Node in the tests of a pure package', { 'packages/core/test/more.test.ts': 'const now = Date.now();\n' }],
    ['an import of its own name', { [core]: "import type { F } from '@pawl/core';\n" }],
  ];
  test.each(allowed)('%s', (_, files) => {
    expect(violationsWith(files)).toEqual([]);
  });
});

describe('the table', () => {
  test('that is missing is named', () => {
    expect(() => violationsWith({ 'ARCHITECTURE.md': '# nothing\n' })).toThrow('no table with the columns');
  });

  test.each([
    ['| `packages/core` | `@pawl/core` | – | perhaps | nothing |', 'write yes or –'],
    ['| `packages/core` | `@pawl/core` | – | yes | provider |', 'not a room in backticks'],
  ])('with a cell that makes no sense is refused: %s', (row, message) => {
    const header = sound['ARCHITECTURE.md']!.split('\n').slice(0, 3).join('\n');
    expect(() => violationsWith({ 'ARCHITECTURE.md': `${header}\n${row}\n` })).toThrow(message);
  });
});
