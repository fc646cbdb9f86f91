import gemini from '@pawl/provider-gemini';
import { fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';

const user = '/home/me/.gemini/settings.json';
const chats = '/home/me/.gemini/tmp/work/chats';
const retention = (value: object) => JSON.stringify({ general: { sessionRetention: value } });

function retained(files: Readonly<Record<string, string>>, names: readonly string[] = [], env = {}) {
  const projects = JSON.stringify({ projects: { '/shop': 'work' } });
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me', ...env },
    folders: { [chats]: names },
    files: { '/home/me/.gemini/projects.json': projects, ...files },
  });
  return gemini.sessionRetention?.('/shop', host);
}

test.each([
  [undefined, 30],
  ['not json', 30],
  ['{ "general": {} }', 30],
  ['{\n  // mine\n  "general": { "sessionRetention": { "maxAge": "2w", } } /* so */ }', 14],
  [retention({ maxAge: '24h' }), 1],
  [retention({ maxAge: '2m' }), 60],
  [retention({ maxAge: '12h', minRetention: '6h' }), 0.5],
  // What is wrong switches its clean-up off.
  [retention({ enabled: false }), undefined],
  [retention({ maxAge: 'soon' }), undefined],
  [retention({ maxAge: '0d' }), undefined],
  [retention({ maxAge: '12h' }), undefined],
  [retention({ maxAge: '2d', minRetention: '1w' }), undefined],
  [retention({ maxCount: 0 }), undefined],
])('settings %j: it deletes a session after %s days', async (settings, days) => {
  const found = await retained(settings === undefined ? {} : { [user]: settings });
  expect(found).toEqual(days === undefined ? undefined : { days });
});

describe('settings', () => {
  test('of the project stand above the user’s, those of the system above both, its defaults below', async () => {
    const files: Record<string, string> = { '/etc/gemini-cli/system-defaults.json': retention({ maxAge: '9d' }) };
    expect(await retained(files)).toEqual({ days: 9 });
    files[user] = retention({ maxAge: '8d' });
    expect(await retained(files)).toEqual({ days: 8 });
    files['/shop/.gemini/settings.json'] = retention({ maxAge: '7d' });
    expect(await retained(files)).toEqual({ days: 7 });
    files['/etc/gemini-cli/settings.json'] = retention({ maxAge: '6d' });
    expect(await retained(files)).toEqual({ days: 6 });
    files['/own.json'] = retention({ enabled: false });
    expect(await retained(files, [], { GEMINI_CLI_SYSTEM_SETTINGS_PATH: '/own.json' })).toBeUndefined();
  });
});

describe('at its next start it deletes', () => {
  const ids = ['aaaaaaaa-0000-4000-8000-000000000000', 'bbbbbbbb-0000-4000-8000-000000000000'] as const;
  const name = (id: string, minute: string) => `session-2026-11-20T10-${minute}-${id.slice(0, 8)}.jsonl`;
  const header = (sessionId: string, day: string) => ({
    sessionId,
    kind: 'main',
    lastUpdated: `2026-11-${day}T10:00:00Z`,
  });
  const said = { id: 'm1', type: 'user', content: [{ text: 'hello' }] };
  const json = (...lines: readonly object[]) => lines.map((line) => JSON.stringify(line)).join('\n');
  const both = {
    [`${chats}/${name(ids[0], '00')}`]: json(header(ids[0], '20'), said),
    [`${chats}/${name(ids[1], '00')}`]: json(header(ids[1], '21'), said),
  };
  const names = [name(ids[0], '00'), name(ids[1], '00')];

  test('those beyond the newest so many: the one that does it counts', async () => {
    const files = (maxCount: number) => ({ ...both, [user]: retention({ maxCount }) });
    expect(await retained(files(3), names)).toEqual({ days: 30 });
    expect(await retained(files(2), names)).toEqual({ days: 30, next: [ids[0]] });
    expect(await retained(files(1), names)).toEqual({ days: 30, next: [ids[1], ids[0]] });
  });

  test('one that was gone on with in a later minute, which left a second file with nothing in it', async () => {
    const empty = { [`${chats}/${name(ids[0], '05')}`]: json(header(ids[0], '20')) };
    expect(await retained({ ...both, ...empty }, [...names, name(ids[0], '05')])).toEqual({ days: 30, next: [ids[0]] });
    const off = { [user]: retention({ enabled: false }) };
    expect(await retained({ ...both, ...empty, ...off }, [...names, name(ids[0], '05')])).toBeUndefined();
  });
});
