import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, codeOf, type Sent } from '../stage/ask.ts';
import { openStage, type Served, type Stage, serveStage } from '../stage/stage.ts';

let stage: Stage;
let served: Served;
let nasty: string;

beforeAll(async () => {
  stage = openStage();
  await stage.pawl('run', 'nasty', '--spec', 'spec.md');
  served = await serveStage(stage);
  const { runs } = (await ask(served, '/api/runs')).json<{ runs: readonly { id: string }[] }>();
  nasty = runs[0]?.id ?? '';
});
afterAll(async () => {
  await served.close();
  await stage.close();
});

const write: Sent = { body: { action: 'abort' } };
const pages = ['/', '/api/session', '/api/runs', '/api/live', '/assets/x.js'];

describe('the name that a request was sent to', () => {
  const others = [
    'evil.example',
    'evil.example:4310',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:4310',
    '127.0.0.1.nip.io',
  ];
  test.each(others)('%s is another one: 421 everywhere, also with a good token', async (host) => {
    for (const path of pages) {
      const reply = await ask(served, path, { headers: { host } });
      expect([path, reply.status, codeOf(reply)]).toEqual([path, 421, 'wrong-host']);
    }
  });

  test('loopback has three', async () => {
    const { port } = new URL(served.url);
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])
      expect((await ask(served, '/api/session', { headers: { host: `${name}:${port}` } })).status).toBe(200);
  });
});

describe('the page that a request came from', () => {
  const others = ['https://evil.example', 'null', 'http://127.0.0.1', 'http://localhost:1', 'file://', 'chrome://x'];
  test.each(others)('origin %s reads nothing, listens to nothing and writes nothing', async (origin) => {
    for (const path of pages) {
      const reply = await ask(served, path, { headers: { origin } });
      expect([path, reply.status, codeOf(reply)]).toEqual([path, 403, 'wrong-origin']);
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await ask(served, `/api/runs/${nasty}/actions`, { ...write, headers: { origin } })).status).toBe(403);
  });

  test('a preflight is not answered with leave', async () => {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-pawl',
    };
    const reply = await ask(served, `/api/runs/${nasty}/actions`, { method: 'OPTIONS', headers });
    expect(reply.status).toBe(403);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test.each(['cross-site', 'same-site', 'none'])('a write that a browser calls %s is refused', async (site) => {
    const reply = await ask(served, `/api/runs/${nasty}/actions`, { ...write, headers: { 'sec-fetch-site': site } });
    expect(reply.status).toBe(403);
  });

  test('a link elsewhere leads to a page, and to no data', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask(served, '/api/runs', { headers })).status).toBe(403);
    expect((await ask(served, `/runs/${nasty}`, { headers })).status).not.toBe(403);
  });
});

describe('forms', () => {
  const types = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', null];
  test.each(types)('a write as %s is refused', async (type) => {
    const headers = { 'content-type': type };
    const reply = await ask(served, `/api/runs/${nasty}/actions`, { body: '{"action":"abort"}', headers });
    expect([reply.status, codeOf(reply)]).toEqual([415, 'not-json']);
  });

  test('a write without the header of ours is refused, the exchange of the token too', async () => {
    const headers = { 'x-pawl': null };
    expect(codeOf(await ask(served, `/api/runs/${nasty}/actions`, { ...write, headers }))).toBe('header-missing');
    const exchange = { body: { token: served.token }, headers };
    expect(codeOf(await ask(served, '/api/session', exchange))).toBe('header-missing');
  });

  test('what is too large, or no JSON, is refused', async () => {
    const large = `{"token":"${'x'.repeat(3_000_000)}"}`;
    expect((await ask(served, '/api/session', { body: large })).status).toBe(413);
    expect(codeOf(await ask(served, '/api/session', { body: '{' }))).toBe('not-json');
  });
});

describe('the token', () => {
  const wrong = [null, 'Bearer ', 'Bearer wrong', 'Basic x', `Bearer ${'a'.repeat(43)}`];
  test.each(wrong)('with %s nothing is answered', async (authorization) => {
    for (const path of ['/api/session', '/api/runs', '/api/live', `/api/runs/${nasty}`, '/api/audit'])
      expect([path, (await ask(served, path, { headers: { authorization } })).status]).toEqual([path, 401]);
    const reply = await ask(served, `/api/runs/${nasty}/actions`, { ...write, headers: { authorization } });
    expect(reply.status).toBe(401);
  });

  test('it lies in a file of the owner’s alone, and becomes a cookie that no script reads', async () => {
    const file = join(stage.home, 'dashboard/token');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(stage.home, 'dashboard')).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8').trim()).toBe(served.token);
    const exchange = { body: { token: served.token }, headers: { authorization: null } };
    const reply = await ask(served, '/api/session', exchange);
    const [cookie = ''] = [reply.headers['set-cookie']].flat();
    expect(cookie).toMatch(/^pawl-\d+=owner\.\d+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(cookie).not.toContain(served.token);
    const [pair = ''] = cookie.split(';');
    const status = async (sent: string) =>
      (await ask(served, '/api/runs', { headers: { authorization: null, cookie: sent } })).status;
    expect(await status(pair)).toBe(200);
    expect(await status(pair.replace('owner', 'admin'))).toBe(401);
    expect(await status(pair.replace(/\.\d+\./, '.9999999999999.'))).toBe(401);
    expect(await status(pair.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')))).toBe(401);
  });
});

describe('ids', () => {
  const traversals = [
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    'a%00b',
    '%2Fetc%2Fpasswd',
    '-rf',
    '--help',
    'a%20b',
    'x'.repeat(300),
  ];

  test.each(traversals)('%s names no run, session, repository or workflow', async (id) => {
    const paths = [
      `/api/runs/${id}`,
      `/api/runs/${id}/diff`,
      `/api/runs/${id}/log?path=nasty`,
      `/api/sessions/${id}`,
      `/api/sessions/${id}/export`,
      `/api/repositories/${id}/start`,
      `/api/repositories/${id}/workflows/${id}`,
    ];
    for (const path of paths) {
      const reply = await ask(served, path);
      expect([path, reply.status >= 400 && reply.status < 500]).toEqual([path, true]);
    }
  });

  test.each(['../../../etc/passwd', '/etc/passwd', 'nasty/../..', '..', ''])(
    '“%s” is no step, no gate and no attempt',
    async (name) => {
      const value = encodeURIComponent(name);
      const queries = [
        `path=${value}`,
        `path=nasty&of=gate&gate=${value}`,
        `path=nasty&index=${value}x`,
        `path=nasty&of=${value}x`,
      ];
      for (const query of queries) {
        const reply = await ask(served, `/api/runs/${nasty}/log?${query}`);
        expect([query, reply.status >= 400 && reply.status < 500]).toEqual([query, true]);
        expect(reply.text).not.toContain('root:');
      }
    },
  );

  test.each([
    '/../server/start.js',
    '/assets/../../server/start.js',
    '/assets/..%2f..%2fserver%2fstart.js',
    '/%2e%2e/package.json',
    '/.env',
    '/assets/.x.js',
  ])('%s is no file of the page', async (path) => {
    const reply = await ask(served, path);
    expect(reply.text).not.toContain('createRequire');
    expect(reply.text).not.toContain('"version"');
  });

  test('an action takes ids and words of ours, nothing else', async () => {
    const bodies = [
      { action: 'sh' },
      { action: 'approve', step: '../..' },
      { action: 'approve', step: '--abort' },
      { action: 'approve', step: 'nasty', tree: 'main' },
      { action: 'apply', how: '--branch=main' },
      { action: 'abort', reason: 'x'.repeat(100_000) },
      { action: 'apply', how: 'merge', branch: '--abort' },
      { action: 'apply', how: 'merge', branch: 'nowhere' },
      { action: 'undo', checkpoint: 'main' },
      { action: 'undo', checkpoint: '--worktree', into: 'branch' },
      { action: 'undo', checkpoint: 'a'.repeat(40), into: '/tmp' },
      { action: 'replay', step: 'nasty', agent: '--spec=/etc/passwd' },
      'abort',
      null,
      [],
    ];
    for (const body of bodies) {
      const reply = await ask(served, `/api/runs/${nasty}/actions`, { body: JSON.stringify(body), method: 'POST' });
      expect([body, reply.status === 400 || reply.status === 404]).toEqual([body, true]);
    }
  });

  test('a run is begun with what was looked up, nothing else', async () => {
    const { repositories } = (await ask(served, '/api/session')).json<{ repositories: readonly { id: string }[] }>();
    const usual = { repository: repositories[0]?.id, workflow: 'ask', spec: { text: 'x' }, inputs: {} };
    const others = [
      { repository: stage.repository },
      { workflow: '/etc/passwd' },
      { workflow: '--resume' },
      { spec: { file: '/etc/passwd' } },
      { spec: { file: '../spec.md' } },
      { inputs: { '--x': 'y' } },
      { agent: '--dry-run' },
      { pauseAfter: 'x' },
      { tags: [{}] },
    ];
    for (const more of others) {
      const reply = await ask(served, '/api/runs', { body: { ...usual, ...more } });
      expect([more, reply.status === 400 || reply.status === 404]).toEqual([more, true]);
    }
    const { runs } = (await ask(served, '/api/runs')).json<{ runs: readonly object[] }>();
    expect(runs).toHaveLength(1);
  }, 240_000);
});

test('what an agent, a gate and a file said leaves as JSON, without what a terminal would act on', async () => {
  const paths = [
    '',
    '/step?path=nasty',
    '/conversation?path=nasty',
    '/log?path=nasty',
    '/log?path=nasty&of=gate&gate=bash_0',
    '/diff?path=nasty',
    '/events?after=0',
    '/plan',
  ];
  for (const path of paths) {
    const reply = await ask(served, `/api/runs/${nasty}${path}`);
    expect([path, reply.status]).toEqual([path, 200]);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    expect(reply.text).not.toMatch(/\\u001b|\\u0007|\\u009b/);
  }
});

test('every answer forbids what a page of ours never does', async () => {
  for (const path of ['/', '/api/session', '/api/nothing', '/runs/x']) {
    const { headers } = await ask(served, path);
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
  }
});
