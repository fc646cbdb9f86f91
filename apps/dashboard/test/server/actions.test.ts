import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '@pawl/session-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Acted, Action, ApplyPreview, Conversation, RunPage, StepPage } from '../../wire.ts';
import { ask, codeOf } from '../stage/ask.ts';
import { listen } from '../stage/events.ts';
import { openStage, type Served, type Stage, serveStage } from '../stage/stage.ts';

let stage: Stage;
let served: Served;
let repository: string;

beforeAll(async () => {
  stage = openStage();
  served = await serveStage(stage);
  const { repositories } = (await ask(served, '/api/session')).json<{ repositories: readonly { id: string }[] }>();
  repository = repositories[0]?.id ?? '';
});
afterAll(async () => {
  await served.close();
  await stage.close();
});

async function start(workflow: string): Promise<string> {
  const body = { repository, workflow, spec: { text: 'Build a till.\n' }, inputs: {} };
  const reply = await ask(served, '/api/runs', { body });
  expect(reply.json()).toMatchObject({ how: 'started', command: `pawl run ${workflow} --spec spec.md` });
  return reply.json<Acted & { run: string }>().run;
}
const act = async (run: string, action: Action) => ask(served, `/api/runs/${run}/actions`, { body: action });
const page = async (run: string) => (await ask(served, `/api/runs/${run}`)).json<RunPage>();

/** Told by the live stream, so that nothing is asked again and again. */
async function until(run: string, what: string, fits: (page: RunPage) => boolean): Promise<RunPage> {
  const ear = listen(served, `/api/live?run=${run}&since=0`);
  try {
    const { data } = await ear.until(
      `${what} of ${run}`,
      ({ event, data }) => event === 'run' && fits(data as RunPage),
    );
    return data as RunPage;
  } finally {
    ear.cut();
  }
}

test('a run is begun, done again with what was said, approved, applied, and a part of it done once more', async () => {
  const run = await start('ask');
  const asked = await until(run, 'a question', ({ row }) => row.status === 'waiting');
  expect(asked).toMatchObject({
    waiting: [{ step: 'impl', question: 'after_gate', attempt: 1, tree: expect.stringMatching(/^[0-9a-f]{40}$/) }],
    focus: { step: 'impl' },
  });
  const [{ tree: shown } = {}] = asked.waiting;
  if (shown === undefined) throw new Error('nothing is asked about');
  expect((await ask(served, '/api/needs')).json()).toMatchObject({
    needs: [
      {
        kind: 'approval',
        step: 'impl',
        run: { id: run },
        gates: [{ status: 'passed' }],
        files: [{ path: 'impl.txt' }],
      },
    ],
  });
  expect((await act(run, { action: 'apply', how: 'merge' })).status).toBe(409);

  const rejected = await act(run, {
    action: 'reject',
    step: 'impl',
    comment: 'Say it\nin two lines; $(touch x) `y` "z"',
  });
  expect(rejected.json()).toMatchObject({ how: 'started' });
  const again = await until(
    run,
    'a second attempt',
    ({ row, waiting }) => row.status === 'waiting' && waiting[0]?.attempt === 2,
  );
  const [{ tree } = {}] = again.waiting;
  const said = (await ask(served, `/api/runs/${run}/conversation?path=impl&index=1`)).json<Conversation>();
  const [prompt] = said.messages;
  expect(prompt).toMatchObject({ role: 'user', type: 'text' });
  expect(JSON.stringify(prompt)).toContain('$(touch x) `y`');

  // What was shown before is another thing than what is asked about now.
  expect(codeOf(await act(run, { action: 'approve', step: 'impl' }))).toBe('bad-request');
  expect(codeOf(await act(run, { action: 'approve', step: 'impl', tree: shown }))).toBe('refused');
  expect((await page(run)).row.status).toBe('waiting');
  expect((await act(run, { action: 'approve', step: 'impl', tree: tree ?? '' })).json()).toMatchObject({
    how: 'started',
    text: 'approved',
    command: `pawl approve ${run} --step impl --tree ${tree}`,
  });
  const passed = await until(run, 'its end', ({ row }) => row.status === 'passed');
  expect(passed.offers.map(({ action }) => action)).toEqual(['apply']);
  const step = (await ask(served, `/api/runs/${run}/step?path=impl`)).json<StepPage>();
  expect(step.offers.map(({ action }) => action)).toEqual(['replay']);
  expect((await act(run, { action: 'approve', step: 'impl' })).status).toBe(409);

  const preview = (await ask(served, `/api/runs/${run}/apply?how=squash`)).json<ApplyPreview>();
  expect(preview).toMatchObject({
    kind: 'squash',
    branch: 'main',
    branches: ['main'],
    conflicts: [],
    command: `pawl apply ${run} --squash`,
  });
  expect((await act(run, { action: 'apply', how: 'squash' })).json()).toMatchObject({ how: 'done' });
  expect(execFileSync('git', ['show', '--stat', '--format=%s'], { cwd: stage.repository, encoding: 'utf8' })).toContain(
    'impl.txt',
  );

  const replayed = (await act(run, { action: 'replay', step: 'impl', prompt: 'Do it otherwise.' })).json<Acted>();
  expect(replayed).toMatchObject({ how: 'started', run: expect.stringMatching(/^\d{6}-/) });
  const next = await until(replayed.run ?? '', 'a question', ({ row }) => row.status === 'waiting');
  expect(next.from).toEqual({ run, step: 'impl' });
  expect((await act(replayed.run ?? '', { action: 'abort' })).json()).toMatchObject({ how: 'done' });
  expect((await page(replayed.run ?? '')).row.status).toBe('aborted');

  const { entries } = (await ask(served, '/api/audit')).json<{
    entries: readonly { action: string; outcome: string }[];
  }>();
  const actions = entries.filter(({ outcome }) => !outcome.startsWith('refused')).map(({ action }) => action);
  expect(actions).toEqual(['abort', 'replay', 'apply', 'approve', 'reject', 'start']);
  // Each was read, and is in the log of its run.
  expect(readdirSync(join(stage.home, 'dashboard/texts'))).toEqual([]);
}, 150_000);

test('a run at work is asked to pause, is stopped through the process that has it in hand, and resumed', async () => {
  const run = await start('slow');
  const working = await until(run, 'work', ({ row }) => row.at.some(({ doing }) => doing === 'agent'));
  expect(working.row.status).toBe('running');
  expect(working.offers.map(({ action }) => action)).toEqual(['pause', 'abort']);
  expect((await act(run, { action: 'resume' })).status).toBe(409);
  expect((await act(run, { action: 'pause' })).json()).toMatchObject({ how: 'requested' });
  expect((await page(run)).offers.map(({ action }) => action)).toEqual(['unpause', 'abort']);
  expect((await act(run, { action: 'unpause' })).json()).toMatchObject({ how: 'requested' });
  expect((await page(run)).offers.map(({ action }) => action)).toEqual(['pause', 'abort']);
  expect((await act(run, { action: 'pause' })).json()).toMatchObject({ how: 'requested' });
  expect((await act(run, { action: 'abort' })).json()).toMatchObject({ how: 'requested' });
  await until(run, 'its end', ({ row }) => row.status === 'aborted');
  expect(codeOf(await act(run, { action: 'pause' }))).toBe('refused');

  writeFileSync(join(stage.folder, 'go'), '');
  expect((await act(run, { action: 'resume' })).json()).toMatchObject({
    how: 'started',
    command: `pawl resume ${run}`,
  });
  await until(run, 'its end', ({ row }) => row.status === 'passed' || row.status === 'waiting');
}, 120_000);

test('a question at which its run was interrupted is shown with what it asks about, and approved', async () => {
  const run = await start('ask');
  const asked = await until(run, 'a question', ({ row }) => row.status === 'waiting');
  const store = openStore({ file: join(stage.home, 'pawl.db') });
  try {
    const [record] = await store.runs.find(run);
    const at = Date.now();
    // What Ctrl+C at the terminal that asks leaves.
    await store.runs.append(run, record?.lastSeq ?? 0, [
      { type: 'run-ended', at, end: 'interrupted', reason: 'interrupted by SIGINT' },
    ]);
  } finally {
    await store.close();
  }
  const stopped = await page(run);
  expect(stopped).toMatchObject({ row: { status: 'interrupted', needs: 1 }, waiting: asked.waiting });
  expect(stopped.offers.map(({ action }) => action)).toEqual(['approve', 'approve', 'reject', 'resume', 'abort']);
  const { needs } = (await ask(served, '/api/needs')).json<{ needs: readonly { run: { id: string } }[] }>();
  expect(needs.filter((need) => need.run.id === run)).toMatchObject([
    { kind: 'interrupted', step: 'impl', files: [{ path: 'impl.txt' }] },
  ]);
  const tree = asked.waiting[0]?.tree ?? '';
  expect((await act(run, { action: 'approve', step: 'impl', tree })).json()).toMatchObject({ how: 'started' });
  await until(run, 'its end', ({ row }) => row.status === 'passed');
}, 120_000);
