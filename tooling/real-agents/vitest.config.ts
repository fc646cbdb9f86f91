import { defineConfig } from 'vitest/config';

const conditions = ['@pawl/source', 'module', 'node', 'development|production'];

export default defineConfig({
  test: {
    include: ['test/*.test.ts', 'test/matrix/*.test.ts'],
    testTimeout: 60_000,
    // .ci/run counts the tests from this file.
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'node_modules/.cache/results.json' }]] : ['default'],
    // Each file drives native programs of 200 MB.
    maxWorkers: 2,
  },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
