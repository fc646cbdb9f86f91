import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One task of the scripted plan: a module with its test. */
export interface TddTask {
  readonly name: string;
  readonly description: string;
  readonly testFile: string;
  readonly test: string;
  readonly sourceFile: string;
  readonly right: string;
  /** Runs and gives another result than the test expects. */
  readonly wrong: string;
}

export const tddTasks: readonly TddTask[] = [
  task('add', 'the sum of two numbers', 'a + b', 'a - b', 5),
  task('multiply', 'the product of two numbers', 'a * b', 'a + b', 6),
];

/** `Task <name>:` is what the scripted model knows a task by; the specification never says it. */
function task(name: string, meaning: string, right: string, wrong: string, ofTwoAndThree: number): TddTask {
  const source = (expression: string) => `export function ${name}(a, b) {\n  return ${expression};\n}\n`;
  return {
    name,
    description: `Task ${name}: src/${name}.js exports ${name}(a, b), ${meaning}.`,
    testFile: `test/${name}.test.js`,
    test: [
      "import assert from 'node:assert/strict';",
      "import { test } from 'node:test';",
      `import { ${name} } from '../src/${name}.js';`,
      '',
      `test('${name}', () => assert.equal(${name}(2, 3), ${ofTwoAndThree}));`,
      '',
    ].join('\n'),
    sourceFile: `src/${name}.js`,
    right: source(right),
    wrong: source(wrong),
  };
}

export const tddSpecification = `# Arithmetic

A module that adds two numbers and one that multiplies them, each with its own test.
`;

/** The files of a small Node project whose tests run with \`npm test\`; making it a repository is the caller's. */
export async function writeTddProject(folder: string): Promise<void> {
  const manifest = { name: 'arithmetic', private: true, type: 'module', scripts: { test: 'node --test' } };
  await mkdir(join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(folder, 'src', 'index.js'), "export const name = 'arithmetic';\n");
  await writeFile(join(folder, 'spec.md'), tddSpecification);
}
