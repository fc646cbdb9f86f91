import { defineConfig } from 'vitest/config';

const conditions = ['@pawl/source', 'module', 'node', 'development|production'];

/** The page in a real browser, before a real server, a real store and real runs: `pnpm test:web`. */
export default defineConfig({
  test: {
    name: 'web',
    root: import.meta.dirname,
    include: ['*.web.ts'],
    globalSetup: ['../../../../tooling/build/test-folder.ts', './build.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: '../../../../node_modules/.cache/vitest/web.json' }]]
      : ['default'],
  },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
});
