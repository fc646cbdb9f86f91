import { afterEach, expect, test } from 'vitest';
import { readCommand } from '../../server/options.ts';
import { routes } from '../../server/routes.ts';
import { openTokens } from '../../server/safety/tokens.ts';
import type { Acted, EventPage, RunPage } from '../../wire.ts';
import { ask, codeOf } from '../stage/ask.ts';
import { listen } from '../stage/events.ts';
import { openStage, type Served, type Stage, serveStage } from '../stage/stage.ts';

const open: (Stage | Served)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
async function house(options: Parameters<typeof serveStage>[1] = {}) {
  const stage = openStage();
  open.push(stage);
  const served = await serveStage(stage, options);
  open.push(served);
  return { served, tokens: openTokens(`${stage.home}/dashboard`) };
}

const writes = [
  ['/api/runs', {}],
  ['/api/plans', {}],
  ['/api/runs/x/actions', { action: 'abort' }],
  ['/api/sessions/x/actions', { action: 'archive' }],
] as const;

test('a viewer looks, an operator acts, one whose token was taken away does neither', async () => {
  const { served, tokens } = await house();
  const viewer = { ...served, token: tokens.add('ada', 'viewer') };
  const operator = { ...served, token: tokens.add('bob', 'operator') };
  expect((await ask(viewer, '/api/session')).json()).toMatchObject({ user: 'ada', role: 'viewer' });
  expect((await ask(viewer, '/api/runs')).status).toBe(200);
  for (const [path, body] of writes) {
    expect([path, codeOf(await ask(viewer, path, { body }))]).toEqual([path, 'not-allowed']);
    expect([path, (await ask(operator, path, { body })).status]).not.toEqual([path, 403]);
  }
  expect((await ask(viewer, '/api/audit')).status).toBe(403);
  const signed = await ask(viewer, '/api/session', { body: { token: viewer.token } });
  const [cookie = ''] = [signed.headers['set-cookie']].flat().map((one) => one?.split(';')[0] ?? '');
  const byCookie = { headers: { authorization: null, cookie } };
  expect((await ask(served, '/api/runs', byCookie)).status).toBe(200);
  expect(tokens.remove('ada')).toBe(true);
  expect((await ask(viewer, '/api/runs')).status).toBe(401);
  expect((await ask(served, '/api/runs', byCookie)).status).toBe(401);
  expect((await ask(operator, '/api/runs')).status).toBe(200);
});

test('whatever changes something, or takes files away, is for operators: each such route refuses a viewer', async () => {
  const { served, tokens } = await house();
  const viewer = { ...served, token: tokens.add('ada', 'viewer') };
  const guarded = routes.filter(({ role }) => role === 'operator');
  expect(routes.filter(({ method, role }) => method === 'POST' && role !== 'operator')).toEqual([]);
  expect(guarded.length).toBeGreaterThan(6);
  for (const { method, path } of guarded) {
    const reply = await ask(viewer, path.replaceAll(/:\w+/g, 'x'), method === 'POST' ? { body: {} } : {});
    expect([path, reply.status, codeOf(reply)]).toEqual([path, 403, 'not-allowed']);
  }
  const { entries } = (await ask(served, '/api/audit')).json<{
    entries: readonly { action: string; user: string }[];
  }>();
  expect(entries.filter(({ user }) => user === 'ada').map(({ action }) => action)).toEqual(
    guarded.map(({ method, path }) => `${method} ${path}`).toReversed(),
  );
});

test('behind a proxy it answers to the name that people use, with a cookie that only TLS carries', async () => {
  const { served } = await house({ publicOrigin: 'https://pawl.example.com' });
  const headers = { host: 'pawl.example.com', origin: 'https://pawl.example.com' };
  const reply = await ask(served, '/api/session', { headers, body: { token: served.token } });
  expect(reply.status).toBe(200);
  expect(String(reply.headers['set-cookie'])).toContain('; Secure');
  for (const others of [
    { host: 'pawl.example.com:4310' },
    { origin: 'http://pawl.example.com' },
    { host: 'example.com' },
  ])
    expect((await ask(served, '/api/session', { headers: { ...headers, ...others } })).status).toBeGreaterThan(400);
});

test('--read-only: nobody acts, the owner neither', async () => {
  const { served } = await house({ readOnly: true });
  expect((await ask(served, '/api/session')).json()).toMatchObject({ role: 'operator', readOnly: true });
  for (const [path, body] of writes)
    expect([path, codeOf(await ask(served, path, { body }))]).toEqual([path, 'read-only']);
});

test('the audit log names who signed in, who acted and who was refused', async () => {
  const { served, tokens } = await house();
  const viewer = { ...served, token: tokens.add('ada', 'viewer') };
  await ask(served, '/api/session', { body: { token: 'wrong' } });
  await ask(served, '/api/session', { body: { token: served.token } });
  await ask(viewer, '/api/worktrees/gc', { body: {} });
  const { entries } = (await ask(served, '/api/audit')).json<{ entries: readonly object[] }>();
  expect(entries).toMatchObject([
    { user: 'ada', role: 'viewer', action: 'POST /api/worktrees/gc', outcome: 'refused: not-allowed' },
    { user: 'owner', action: 'sign-in', outcome: 'done' },
    { user: '', action: 'sign-in', outcome: 'refused: wrong token' },
  ]);
});

test('another address than loopback needs TLS, here or in a proxy', () => {
  expect(readCommand([])).toMatchObject({ command: 'serve', options: { host: '127.0.0.1', port: 4310, names: [] } });
  expect(readCommand(['--host', '::1'])).toMatchObject({ options: { host: '::1' } });
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'box.local'])
    expect(() => readCommand(['--host', host])).toThrow(/everybody on the network/);
  const open = ['--host', '0.0.0.0', '--public-url'];
  expect(() => readCommand([...open, 'http://pawl.example.com'])).toThrow(/--public-url takes/);
  expect(readCommand([...open, 'https://pawl.example.com'])).toMatchObject({
    options: { publicOrigin: 'https://pawl.example.com' },
  });
  expect(() => readCommand(['--tls-cert', 'x'])).toThrow(/belong together/);
  expect(() => readCommand(['--port', 'many'])).toThrow(/--port/);
  expect(() => readCommand(['--frobnicate'])).toThrow(/frobnicate/);
});

test('a run that ada begins is hers, and what bob approved is in its log as his', async () => {
  const { served, tokens } = await house();
  const ada = { ...served, token: tokens.add('ada', 'operator') };
  const bob = { ...served, token: tokens.add('bob', 'operator') };
  const { repositories } = (await ask(ada, '/api/session')).json<{ repositories: readonly { id: string }[] }>();
  const body = { repository: repositories[0]?.id, workflow: 'ask', spec: { text: 'Build a till.' }, inputs: {} };
  const { run = '' } = (await ask(ada, '/api/runs', { body })).json<Acted>();
  const until = async (status: string): Promise<RunPage> => {
    const ear = listen(served, `/api/live?run=${run}&since=0`);
    try {
      const fits = ({ event, data }: { event: string; data: unknown }) =>
        event === 'run' && (data as RunPage).row.status === status;
      return (await ear.until(status, fits)).data as RunPage;
    } finally {
      ear.cut();
    }
  };
  const asked = await until('waiting');
  expect(asked.row.owner).toBe('ada');
  const [approve] = asked.offers;
  expect((await ask(bob, `/api/runs/${run}/actions`, { body: approve?.request })).status).toBe(200);
  await until('passed');
  const { events } = (await ask(served, `/api/runs/${run}/events?after=0&limit=500`)).json<EventPage>();
  const answers = events.filter(({ json }) => json.includes('"answered"'));
  expect(answers.map(({ json }) => JSON.parse(json).outcome.answer)).toEqual([
    { choice: 'continue', tree: asked.waiting[0]?.tree, by: 'bob' },
  ]);
}, 120_000);
