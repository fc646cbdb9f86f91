import gemini from '@pawl/provider-gemini';
import { fakeHost } from '@pawl/provider-kit/testing';
import { expect, test } from 'vitest';

test.each([
  [undefined, 30],
  ['not json', 30],
  ['{ "general": {} }', 30],
  ['{\n  // mine\n  "general": { "sessionRetention": { "maxAge": "2w" } } }', 14],
  ['{ "general": { "sessionRetention": { "maxAge": "12h" } } }', 0.5],
  ['{ "general": { "sessionRetention": { "enabled": false } } }', undefined],
  ['{ "general": { "sessionRetention": { "maxAge": "soon" } } }', undefined],
])('settings %j: it deletes a session after %s days', async (settings, days) => {
  const files = settings === undefined ? {} : { '/home/me/.gemini/settings.json': settings };
  expect(await gemini.sessionDays?.(fakeHost(() => ({}), { env: { HOME: '/home/me' }, files }))).toBe(days);
});
