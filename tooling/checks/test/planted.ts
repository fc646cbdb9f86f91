import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkBoundaries } from '../src/boundaries.ts';

export type Files = Readonly<Record<string, string>>;

const table = `
| folder | npm name | in one line | pure | may import (ours) |
|---|---|---|---|---|
| \`packages/provider\` | \`@pawl/provider\` | contract | yes | nothing |
| \`packages/core\` | \`@pawl/core\` | machine | yes | \`provider\` (types) |
| \`packages/process\` | \`@pawl/process\` | spawns | – | nothing |
| \`packages/provider-kit\` | \`@pawl/provider-kit\` | framing | – | \`provider\`, \`process\` (types but in testing) |
| \`packages/provider-*\` | \`@pawl/provider-*\` | adapters | – | \`provider\`, \`provider-kit\` |
| \`packages/runner\` | \`@pawl/runner\` | shell | – | \`core\`, \`provider\` |
| \`apps/cli\` | \`pawl\` | commands | – | everything |
`;

const manifest = (name: string, dependencies: readonly string[], more: object = {}) =>
  JSON.stringify({
    name,
    exports: { '.': './dist/index.js', './package.json': './package.json' },
    dependencies: Object.fromEntries(dependencies.map((one) => [one, 'workspace:^'])),
    ...more,
  });

/** A small tree that keeps every rule. */
const sound: Files = {
  'ARCHITECTURE.md': table,
  'packages/provider/package.json': manifest('@pawl/provider', []),
  'packages/provider/src/index.ts': "export type { A } from './a.ts';\n",
  'packages/provider/src/a.ts': 'export interface A { readonly process: string }\n',
  'packages/core/package.json': manifest('@pawl/core', ['@pawl/provider']),
  'packages/core/src/index.ts': "import type { A } from '@pawl/provider';\nexport const f = (a: A) => a.process;\n",
  'packages/core/test/core.test.ts': "import { readFileSync } from 'node:fs';\nimport { f } from '../src/index.ts';\n",
  'packages/process/package.json': manifest('@pawl/process', ['execa']),
  'packages/process/src/index.ts': "import { spawn } from 'node:child_process';\nimport { execa } from 'execa';\n",
  'packages/provider-kit/package.json': manifest('@pawl/provider-kit', ['@pawl/provider', '@pawl/process']),
  'packages/provider-kit/src/index.ts': "import type { P } from '@pawl/process';\n",
  'packages/provider-kit/src/testing/host.ts': "import { spawnProcess } from '@pawl/process';\n",
  'packages/provider-one/package.json': manifest('@pawl/provider-one', ['@pawl/provider', '@pawl/provider-kit']),
  'packages/provider-one/src/index.ts': "import { define } from '@pawl/provider-kit';\n",
  'packages/provider-two/package.json': manifest('@pawl/provider-two', ['@pawl/provider']),
  'packages/provider-two/src/index.ts': 'export const two = 2;\n',
  'packages/runner/package.json': manifest('@pawl/runner', ['@pawl/core']),
  'packages/runner/src/index.ts': "import { f } from '@pawl/core';\n",
  'apps/cli/package.json': manifest('pawl', [], { devDependencies: { '@pawl/runner': 'workspace:^' } }),
  'apps/cli/src/main.ts': "const { run } = await import('@pawl/runner');\n",
};

/** What the check says of the sound tree with some files put in or replaced. */
export function violationsWith(planted: Files): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'pawl-boundaries-'));
  try {
    for (const [path, text] of Object.entries({ ...sound, ...planted })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkBoundaries(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Source with `@{` for the opening of a placeholder, which the linter suspects in a plain string. */
export const template = (source: string) => source.replaceAll('@{', '$\u007b');

export { manifest, sound };
