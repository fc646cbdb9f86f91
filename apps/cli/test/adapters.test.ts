import { expect, test } from 'vitest';
import { findAdapters } from '../src/adapters.ts';

const missing = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /opt/pawl/dist/main.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });

test('an adapter that is not installed is named with the command that adds it', async () => {
  const { found, missing: absent } = await findAdapters((name) =>
    name.endsWith('codex') ? Promise.resolve({ default: { spec: 'v1', id: 'codex' } }) : Promise.reject(missing(name)),
  );
  expect(found).toEqual([{ spec: 'v1', id: 'codex' }]);
  expect(absent).toContainEqual({
    id: 'gemini',
    title: 'Gemini CLI',
    install: 'npm install -g @pawl/provider-gemini',
  });
  expect(absent.map(({ id }) => id)).not.toContain('codex');
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
])('an adapter that %s is refused by name', async (_, load, message) => {
  await expect(findAdapters(load)).rejects.toMatchObject({
    exit: 'environment',
    code: 'adapter-broken',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/^npm install -g @pawl\/provider-\w+@latest$/),
  });
});
