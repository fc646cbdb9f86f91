import { defineConfig, type Options } from 'tsup';

const common: Options = {
  format: ['esm'],
  target: 'node22',
  platform: 'node',
  clean: true,
  sourcemap: false,
  dts: false, // tsup needs the JS API of TypeScript 6 for d.ts; `tsc -p tsconfig.build.json` writes them instead
  removeNodeProtocol: false, // tsup strips `node:` by default, which breaks node:sqlite
};

/** A published library: its dependencies stay external. */
export const library = (over: Options = {}) => defineConfig({ ...common, entry: ['src/index.ts'], ...over });

/** An executable: everything is bundled, lazy imports become chunks, so that start-up stays short. */
export const executable = (over: Options = {}) =>
  defineConfig({
    ...common,
    entry: { main: 'src/main.ts' },
    noExternal: [/.*/],
    splitting: true,
    minify: true,
    // bundled CommonJS dependencies call require()
    banner: { js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);" },
    ...over,
  });
