import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunList, RunPage } from '../../wire.ts';
import { ask } from '../stage/ask.ts';
import { staged } from './staged.ts';

const on = staged();

const newest = async (workflow: string): Promise<string> => {
  const { runs } = (await ask(on.served, '/api/runs')).json<RunList>();
  return runs.find((run) => run.workflow === workflow)?.id ?? '';
};
const read = async (run: string) => (await ask(on.served, `/api/runs/${run}`)).json<RunPage>();
const git = (...args: string[]): string =>
  execFileSync('git', args, {
    cwd: on.stage.repository,
    encoding: 'utf8',
    env: { ...process.env, ...on.stage.env },
  }).trim();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('an approval is of the files that were shown: where they are others it is void, and asked for anew', async () => {
  await on.stage.pawl('run', 'ask', '--spec', 'spec.md');
  const run = await newest('ask');
  const { page } = on.here;
  await page.goto(`${on.served.url}/runs/${run}?step=impl`);
  await page.getByText(`pawl approve ${run} --step impl --tree`).waitFor();
  const { result } = await read(run);
  writeFileSync(join(result.worktree ?? '', 'impl.txt'), 'changed behind your back\n');
  await press(page, 'Approve');
  await page.getByText('1 warning').waitFor();
  await page.getByText('1 warning').click();
  await page.getByText('the approval is void').waitFor();
  expect((await read(run)).row.status).not.toBe('passed');
  await press(page, 'Approve with what I changed');
  await page.getByRole('heading', { level: 1 }).getByText('passed').waitFor();
  expect(git('show', `pawl/${run}/main:impl.txt`)).toBe('changed behind your back');
}, 240_000);

test('a pause is asked for and taken back; a step is stopped by itself, with a reason', async () => {
  on.stage.start('run', 'slow', '--spec', 'spec.md');
  const { page } = on.here;
  await page.goto(on.served.url);
  await page.getByRole('row').filter({ hasText: 'slow' }).getByRole('link').click({ timeout: 60_000 });
  await press(page, 'Pause');
  await press(page, 'Do not pause');
  await press(page, 'Pause');
  await page.getByRole('button', { name: 'Do not pause', exact: true }).waitFor();
  await page.getByRole('treeitem').first().click();
  await press(page, 'Abort this step');
  await page.getByLabel('Reason').fill('it takes too long');
  await press(page, 'Really: Abort this step');
  await page.getByRole('heading', { level: 1 }).getByText('failed').waitFor();
  const run = await newest('slow');
  await page.goto(`${on.served.url}/runs/${run}?tab=events`);
  await page.getByText('it takes too long').first().waitFor();
  const { entries } = (await ask(on.served, '/api/audit')).json<{ entries: readonly Record<string, unknown>[] }>();
  expect(entries.map(({ action, command }) => [action, command]).slice(0, 4)).toEqual([
    ['abort-step', `pawl abort ${run} --step slow --reason 'it takes too long'`],
    ['pause', `pawl pause ${run}`],
    ['unpause', `pawl pause ${run} --off`],
    ['pause', `pawl pause ${run}`],
  ]);
}, 240_000);

test('a run is brought to another branch as one commit, after its preview', async () => {
  const run = await passed();
  const before = git('rev-parse', 'main');
  git('branch', 'release');
  const { page } = on.here;
  await page.goto(`${on.served.url}/runs/${run}`);
  await press(page, 'Apply…');
  await page.getByText(`pawl apply ${run}`, { exact: true }).first().waitFor();
  await page.getByLabel(/^Onto/).selectOption('release');
  for (const [how, word] of [
    ['rebase', '--rebase'],
    ['squash', '--squash'],
  ] as const) {
    await page.getByLabel(/^How/).selectOption(how);
    await page.getByText(`pawl apply ${run} ${word} --branch release`).waitFor();
  }
  await page.getByText(/1 commit onto release/).waitFor();
  await press(page, 'Apply');
  await page.getByText('1 commit is on release').waitFor();
  expect(git('rev-parse', 'main')).toBe(before);
  expect(git('show', 'release:impl.txt')).toContain('right');
  expect(git('rev-list', '--count', 'main..release')).toBe('1');
}, 240_000);

test('what was saved comes back as a branch, and into the worktree of the run', async () => {
  const run = await passed();
  const { page } = on.here;
  const { worktree = '' } = (await read(run)).result;
  await page.goto(`${on.served.url}/runs/${run}?tab=saved`);
  const saved = page.getByRole('row').filter({ hasText: '1 files' }).first();
  const commit = (await saved.locator('code').first().innerText()).trim();
  await saved.getByRole('button', { name: 'Bring back as a branch' }).click();
  await saved.getByText(/it is back as the branch undo-/).waitFor();
  expect(git('show', `undo-${commit.slice(0, 8)}:impl.txt`)).toContain('right');
  writeFileSync(join(worktree, 'impl.txt'), 'spoilt\n');
  await saved.getByRole('button', { name: 'into its worktree' }).click();
  await saved.getByText(/it is back in/).waitFor();
  expect(readFileSync(join(worktree, 'impl.txt'), 'utf8')).toContain('right');
}, 240_000);

test('attempts are held against each other; a part runs again with another agent and another prompt', async () => {
  const { code } = await on.stage.pawl('run', 'build', '--spec', 'spec.md', '--tag', 'nightly');
  expect(code).toBe(0);
  const run = await newest('build');
  const step = 'plan/middle/impl';
  const { page } = on.here;
  await page.goto(`${on.served.url}/runs/${run}?step=${step}&attempt=1&tab=diff`);
  await page.getByLabel(/^Against/).selectOption('attempt 1');
  await page.getByText('attempt 2 against attempt 1').waitFor();
  await page.locator('.diff-code-delete').getByText('wrong').waitFor();
  await page.locator('.diff-code-insert').getByText('right 2').waitFor();
  await page.getByText('its session', { exact: true }).waitFor();
  await press(page, 'Replay from here…');
  await page.getByLabel(/^Another agent/).fill('strong');
  await page.getByLabel(/^Its prompt/).fill('Do it in a way that nobody has thought of.');
  await page.getByText(`pawl replay ${run} --from-step ${step} --agent strong --edit-prompt prompt.md`).waitFor();
  await press(page, 'Replay');
  await page.waitForURL((url) => /\/runs\/\d{6}-/.test(url.pathname) && !url.pathname.endsWith(run));
  const again = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.getByRole('heading', { level: 1 }).getByText('passed').waitFor({ timeout: 60_000 });
  expect((await read(again)).from).toEqual({ run, step });
  await page.goto(`${on.served.url}/runs/${again}?step=${step}&attempt=0&tab=prompt`);
  await page.getByText('in a way that nobody has thought of').first().waitFor();
  await page.getByRole('navigation', { name: 'Attempts' }).getByText('strong').first().waitFor();
  expect(readdirSync(join(on.stage.home, 'dashboard/texts'))).toEqual([]);
}, 240_000);

test('a run says why it is as it is, and its report is taken along', async () => {
  const run = await newest('build');
  const { page } = on.here;
  await page.goto(`${on.served.url}/runs/${run}?step=plan/middle/impl&tab=why`);
  await page.getByText('middle is not right yet').first().waitFor();
  await page.getByText(`pawl explain plan/middle/impl --run ${run}`).waitFor();
  await page.goto(`${on.served.url}/runs/${run}?tab=cost`);
  for (const [format, ending, said] of [
    ['html', 'html', '<!doctype html>'],
    ['markdown', 'md', '# '],
    ['json', 'json', '{"version":1'],
  ] as const) {
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: format, exact: true }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`${run}.${ending}`);
    expect(readFileSync((await download.path()) ?? '', 'utf8').toLowerCase()).toContain(said);
  }
}, 240_000);

/** A run of one step that passed, and changed a file. */
async function passed(): Promise<string> {
  const { page } = on.here;
  await on.stage.pawl('run', 'ask', '--spec', 'spec.md');
  const run = await newest('ask');
  await page.goto(`${on.served.url}/runs/${run}?step=impl`);
  await press(page, 'Approve');
  await page.getByRole('heading', { level: 1 }).getByText('passed').waitFor();
  return run;
}
