import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunList, RunPage, SessionPage } from '../../wire.ts';
import { ask } from '../stage/ask.ts';
import { readPasted } from '../stage/command-line.ts';
import { makeConversation } from '../stage/conversation.ts';
import { staged } from './staged.ts';

const on = staged();

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a run begins with inputs, tags and pauses, after its plan; lists are narrowed down', async () => {
  const { page } = on.here;
  await page.goto(`${on.served.url}/start`);
  await page.getByLabel(/^Workflow/).selectOption('build');
  await page.getByLabel(/^tone/).selectOption('fancy');
  await page.getByLabel(/^What shall be built/).selectOption({ label: 'Written here' });
  await page.getByLabel('Specification').fill('# A till\n\nThat sells.');
  await page.getByLabel(/^Ask me after/).fill('check');
  await page.getByLabel(/^Tags/).fill('nightly, till');
  await press(page, 'Show the plan');
  const command = 'pawl run build --spec spec.md --set tone=fancy --pause-after check --tag nightly --tag till';
  await page.getByText(command).waitFor();
  await page.getByText('Do this in a {tone} way').waitFor({ state: 'attached' });
  await press(page, 'Start');
  await page.waitForURL(/\/runs\/\d{6}-/);
  await page.getByText('shall it go on?').waitFor({ timeout: 60_000 });
  await press(page, 'Approve');
  await page.getByRole('heading', { level: 1 }).getByText('passed').waitFor();
  await on.stage.pawl('run', 'fail', '--spec', 'spec.md', '--tag', 'other');
  await page.goto(on.served.url);
  await page.getByRole('row').filter({ hasText: 'fail' }).first().waitFor();
  await page.getByLabel(/^Tag/).selectOption('nightly');
  await page.getByRole('row').filter({ hasText: 'fail' }).first().waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'build' }).first().waitFor();
  const { runs } = (await ask(on.served, '/api/runs?tag=till')).json<RunList>();
  expect(runs.map(({ workflow, tags }) => [workflow, tags])).toEqual([['build', ['nightly', 'till']]]);
}, 240_000);

test('a workflow is checked and drawn as it is typed', async () => {
  const { page } = on.here;
  await page.goto(`${on.served.url}/workflows`);
  await page.getByRole('link', { name: 'ask', exact: true }).click();
  await page.getByRole('status').getByText('✓ valid').waitFor();
  const graph = page.getByRole('region', { name: 'Graph of the workflow' });
  await graph.getByText('impl').waitFor();
  const source = page.locator('textarea').first();
  const text = await source.inputValue();
  await source.fill(text.replace('agent: worker', 'agnt: worker'));
  await page
    .getByText('✗ one error')
    .or(page.getByText(/✗ \d+ errors/))
    .waitFor();
  await page.getByText(/agnt/).nth(1).waitFor();
  await source.fill(`${text}  - { name: after, gate: ["bash: true"] }\n`);
  await page.getByRole('status').getByText('✓ valid').waitFor();
  await graph.getByText('after').waitFor();
  expect(readFileSync(join(on.stage.repository, '.pawl/workflows/ask.yaml'), 'utf8')).toBe(text);
}, 240_000);

test('a session is forked, named, tagged, rewound, taken along and removed', async () => {
  const id = await makeConversation(on.stage);
  const { page } = on.here;
  const told = async (command: string) => page.getByRole('status').getByText(command).waitFor();
  await page.goto(`${on.served.url}/sessions`);
  await page.getByLabel('Search what was said').fill('Turn 2');
  await page.getByRole('link', { name: 'The till' }).click();
  await page.getByText('Turn 2 is done.').first().waitFor();

  await press(page, 'Rename');
  await page.getByLabel('Title').fill('The till that sells');
  await press(page, 'Rename it');
  await page.getByRole('heading', { name: 'The till that sells' }).waitFor();
  await press(page, 'Tag');
  await page.getByLabel('Tag', { exact: true }).fill('shop');
  await press(page, 'Tag it');
  await page.getByRole('button', { name: /^shop/ }).click();
  await told(`pawl sessions untag ${id} shop`);
  await press(page, 'Archive');
  await press(page, 'Take back from the archive');
  await told(`pawl sessions archive ${id} --undo`);

  await press(page, 'Rewind');
  await page.getByLabel(/^behind message/).fill('2');
  await press(page, 'Rewind it');
  await told(`pawl sessions rewind ${id} --at 2`);
  await page.getByText('Turn 2 is done.').first().waitFor({ state: 'detached' });

  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export', exact: true }).click();
  const bundle = (await (await waiting).path()) ?? '';
  const taken = join(on.stage.folder, 'taken.pawl');
  writeFileSync(taken, readFileSync(bundle));
  await press(page, 'Fork');
  await page.getByLabel('Title of the fork').fill('Another till');
  await press(page, 'Fork it');
  await page.getByRole('heading', { name: 'Another till' }).waitFor();
  const fork = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.getByText('A fork of').waitFor();
  expect((await ask(on.served, `/api/sessions/${id}`)).json<SessionPage>().forks.map((one) => one.id)).toEqual([fork]);

  // No such agent is on this machine: it is said, and how to get it.
  await press(page, 'Go on with it');
  await page.getByLabel('What it is told').fill('- Give change.');
  await press(page, 'Tell it');
  await page.getByRole('alert').getByText('Claude Code was not found').waitFor();
  await press(page, 'Remove');
  await press(page, 'Really: Remove');
  await page.waitForURL(/\/sessions$/);
  expect((await ask(on.served, `/api/sessions/${fork}`)).status).toBe(404);
  // It is whole: it is read, and the session that it holds is known here.
  expect((await on.stage.pawl('sessions', 'import', taken, '--json')).stdout).toContain('session-exists');
}, 240_000);

test('the session of an attempt is gone on with; its agent may be one that cannot fork into another folder, which is said', async () => {
  const { runs } = (await ask(on.served, '/api/runs?workflow=fail')).json<RunList>();
  const { page } = on.here;
  await page.goto(`${on.served.url}/runs/${runs[0]?.id}?step=impl`);
  await press(page, 'Fork its session');
  await page.getByRole('alert').getByText(/fork/).waitFor();
  await page.getByText('its session', { exact: true }).click();
  await press(page, 'Go on with it');
  await page.getByLabel('What it is told').fill('And once more.');
  await press(page, 'Tell it');
  await page.getByText('it has answered').waitFor();
  await page.getByText('And once more.').first().waitFor();
}, 240_000);

test('worktrees that nobody needs are shown before they are taken away', async () => {
  const { page } = on.here;
  await page.goto(`${on.served.url}/worktrees`);
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: 'shop', exact: true }) });
  await section
    .getByText(/not in your branches/)
    .first()
    .waitFor();
  // Those of forks, too.
  expect(await page.locator('main section h2').allInnerTexts()).toEqual(['shop']);
  await page.getByLabel(/also what is dirty/).check();
  await page.getByText('pawl gc --all --force').waitFor();
  await section.getByText('nothing: pawl gc takes it away').first().waitFor();
  await page.getByLabel(/let go of checkpoints/).fill('60');
  await section.getByRole('button', { name: /^Take away/ }).click();
  await section.getByRole('button', { name: /^Really: Take away/ }).click();
  await page.getByText(/worktrees? (is|are) gone|There is no worktree/).waitFor();
  const { entries } = (await ask(on.served, '/api/audit')).json<{ entries: readonly Record<string, unknown>[] }>();
  expect(entries[0]).toMatchObject({ action: 'gc', command: 'pawl gc --force --days 60' });
}, 240_000);

test('a task that an agent names as markup is shown as text, and its commands can be pasted', async () => {
  const name = '<img src=x onerror=window.hacked=true>$(touch x)';
  const script = join(on.stage.folder, 'odd.mjs');
  const tasks = JSON.stringify({ tasks: [{ name, description: '<script>window.hacked = true</script>' }] });
  writeFileSync(
    script,
    `for await (const _ of process.stdin);\nif (process.env.PAWL_STEP === 'cut') console.log(${JSON.stringify(tasks)});\nelse console.log('done');\n`,
  );
  const command = JSON.stringify([process.execPath, script]);
  const config = join(on.stage.repository, '.pawl/config.yaml');
  appendFileSync(config, `  odd: { provider: script, options: { command: ${command} } }\n`);
  writeFileSync(
    join(on.stage.repository, '.pawl/workflows/odd.yaml'),
    'name: odd\nsteps:\n  - { name: cut, type: split, agent: odd, each: [{ name: impl, type: code, agent: odd, prompt: "{task.description}", gate: ["bash: false"], retry: [{ exit: 1 }] }] }\n',
  );
  expect((await on.stage.pawl('run', 'odd', '--spec', 'spec.md')).code).toBe(1);
  const { runs } = (await ask(on.served, '/api/runs?workflow=odd')).json<RunList>();
  const run = runs[0]?.id ?? '';
  const { page, complaints } = on.here;
  complaints.splice(0);
  for (const path of [
    `/runs/${run}`,
    `/runs/${run}?tab=graph`,
    `/runs/${run}?tab=timeline`,
    '/',
    '/needs',
    '/analytics',
  ]) {
    await page.goto(on.served.url + path);
    await page.getByText('live', { exact: true }).waitFor();
    await page.waitForTimeout(700);
    expect(await page.evaluate('"hacked" in window')).toBe(false);
    expect(await page.locator('main img, main script').count()).toBe(0);
  }
  await page.goto(`${on.served.url}/runs/${run}`);
  await page.getByRole('treeitem').filter({ hasText: name }).waitFor();
  await press(page, 'Replay from here…');
  const shown = await page.locator('button.command code').allTextContents();
  expect(shown).toContain(`pawl replay ${run} --from-step 'cut/${name}/impl'`);
  expect(readPasted(shown).filter((one) => 'refused' in one)).toEqual([]);
  expect(complaints).toEqual([]);
}, 240_000);

test('every command that a page shows is one that the command line takes', async () => {
  const { runs } = (await ask(on.served, '/api/runs')).json<RunList>();
  const id = (workflow: string): string => runs.find((run) => run.workflow === workflow)?.id ?? '';
  await on.stage.pawl('run', 'ask', '--spec', 'spec.md');
  const asked = (await ask(on.served, '/api/runs')).json<RunList>().runs[0]?.id ?? '';
  expect((await ask(on.served, `/api/runs/${asked}`)).json<RunPage>().row.status).toBe('waiting');
  const { page } = on.here;
  const paths = [
    '/needs',
    `/runs/${id('build')}`,
    ...['diff', 'why', 'cost', 'environment'].map((tab) => `/runs/${id('build')}?tab=${tab}`),
    `/runs/${id('build')}?step=plan/middle/impl`,
    `/runs/${id('build')}?step=plan/middle/impl&tab=diff`,
    `/runs/${id('fail')}?step=impl`,
    `/runs/${asked}?step=impl`,
    '/worktrees',
    '/sessions',
  ];
  const commands = new Set<string>();
  for (const path of paths) {
    await page.goto(on.served.url + path);
    await page.getByText('live', { exact: true }).waitFor();
    await page.locator('main').locator('table, .panel, .tabs, .answer').first().waitFor();
    for (const form of ['Replay from here…', 'Apply…'])
      for (const button of await page.getByRole('button', { name: form, exact: true }).all())
        if (await button.isEnabled()) await button.click();
    await page.waitForTimeout(700);
    for (const text of await page.locator('button.command code').allTextContents()) commands.add(text);
  }
  expect(commands.size).toBeGreaterThan(12);
  const read = readPasted([...commands]);
  expect(read.flatMap((one, index) => ('refused' in one ? [[[...commands][index], one.refused]] : []))).toEqual([]);
}, 240_000);
