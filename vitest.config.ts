import { defineConfig } from 'vitest/config';

const conditions = ['@pawl/source', 'module', 'node', 'development|production'];
const project = (name: string, include: string[]) => ({
  extends: true as const,
  test: {
    name,
    include,
    benchmark: { include: include.map((glob) => glob.replace('/test/', '/bench/').replace('.test.', '.bench.')) },
  },
});

export default defineConfig({
  test: {
    globalSetup: ['./tooling/build/test-folder.ts'],
    // Also what tells work that grows faster than its input from work that does not: no test looks at a clock.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // By itself vitest leaves a core alone; most of what is tested here waits for other processes.
    maxWorkers: '100%',
    // .ci/run counts the tests from this file.
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'node_modules/.cache/vitest/results.json' }]]
      : ['default'],
    projects: [
      project('packages', ['packages/*/test/**/*.test.ts']),
      project('apps', ['apps/*/test/**/*.test.ts']),
      project('tooling', [
        'tooling/{build,checks,fake-models}/test/**/*.test.ts',
        'tooling/real-agents/test/unit/*.test.ts',
      ]),
    ],
  },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
