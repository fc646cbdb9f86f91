import { expect, test } from 'vitest';
import { findAdapters } from '../src/adapters.ts';

const whole = {
  ...{ spec: 'v1', title: 'A', models: {}, environment: [] },
  options: { '~standard': { validate: () => ({}) } },
  capabilities: { sessions: [], access: [], limits: [], reports: [], output: [] },
  ...{ probe: async () => ({}), open: async () => ({}) },
};
const missing = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /opt/pawl/dist/main.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });

test('an adapter that is not installed is named with the command that adds it', async () => {
  const { found, missing: absent } = await findAdapters((name) =>
    name.endsWith('codex') ? Promise.resolve({ default: { ...whole, id: 'codex' } }) : Promise.reject(missing(name)),
  );
  expect(found).toMatchObject([{ spec: 'v1', id: 'codex' }]);
  expect(absent).toContainEqual({
    id: 'gemini',
    title: 'Gemini CLI',
    install: 'npm install -g @pawl/provider-gemini',
  });
  expect(absent.map(({ id }) => id)).toEqual(['acp', 'cursor', 'gemini', 'opencode', 'pi', 'qwen']);
});

test.each([
  [
    'lacks something that it needs',
    () => Promise.reject(missing('zod')),
    /cannot be loaded: Cannot find package 'zod'/,
  ],
  ['fails as it starts', () => Promise.reject(new Error('boom')), /cannot be loaded: boom/],
  ['is of another contract', () => Promise.resolve({ default: { spec: 'v2' } }), /speaks contract v2; .* contract v1/],
  ['is something else', () => Promise.resolve({}), /does not export an adapter/],
  ['is half of one', () => Promise.resolve({ default: { spec: 'v1', id: 'x' } }), /not whole: title is missing/],
])('an adapter that %s is told by name, and stops no other', async (_, load, problem) => {
  const { found, missing: absent } = await findAdapters((name) =>
    name.endsWith('-codex') ? Promise.resolve({ default: { ...whole, id: 'codex' } }) : load(),
  );
  expect(found).toHaveLength(1);
  expect(absent).toContainEqual({
    id: 'gemini',
    title: 'Gemini CLI',
    install: 'npm install -g @pawl/provider-gemini@latest',
    problem: expect.stringMatching(problem),
  });
});
