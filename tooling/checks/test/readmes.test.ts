import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readmeHeadings, readReadme } from '../src/readme.ts';

const root = join(import.meta.dirname, '../../..');
const folders = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);

/** Read from stdin, so that names resolve from the package's folder, as they do for its users. */
function runExample(folder: string, source: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const args = ['--conditions=@pawl/source', '--input-type=module-typescript', '-'];
    const child = spawn(process.execPath, args, { cwd: folder, timeout: 25_000, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk).slice(-10_000);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.on('error', reject);
    child.stdin.end(source);
  });
}

test('there are packages to look at', () => {
  expect(folders).toContain('core');
});

describe.each(folders)('README of packages/%s', (name) => {
  const folder = join(root, 'packages', name);
  const readme = () => readReadme(readFileSync(join(folder, 'README.md'), 'utf8'));

  test('has the four headings below the name', () => {
    expect(readme().title).toBe(`@pawl/${name}`);
    expect(readme().headings).toEqual(readmeHeadings);
  });

  test('has an example that runs', async () => {
    const { example } = readme();
    expect(example, 'a ```ts block below "## Use"').toBeDefined();
    const { code, output } = await runExample(folder, example ?? '');
    expect(code, output).toBe(0);
  });
});

describe('reading a README', () => {
  test('finds title, headings and the first example below Use', () => {
    const text =
      '# name\n\n```sh\n## not a heading\n```\n## Job\n```ts\nno\n```\n## Use\n```ts\nyes();\n```\n```ts\nlater\n```\n## Promises\n';
    expect(readReadme(text)).toEqual({ title: 'name', headings: ['Job', 'Use', 'Promises'], example: 'yes();\n' });
  });

  test('an example below another heading does not count', () => {
    expect(readReadme('## Use\ntext\n## Promises\n```ts\nx\n```\n').example).toBeUndefined();
  });

  test('an example that fails is seen', async () => {
    const folder = join(root, 'packages', 'core');
    expect((await runExample(folder, "throw new Error('as planned');")).output).toContain('as planned');
    expect((await runExample(folder, "import '@pawl/nothing';")).code).not.toBe(0);
    const typed =
      "import type { Plan } from '@pawl/core';\nconst plan: Partial<Plan> = {};\nif (plan.spec) process.exit(1);\n";
    expect(await runExample(folder, typed)).toMatchObject({ code: 0 });
  });
});
