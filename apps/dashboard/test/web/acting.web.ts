import { beforeAll, expect, test } from 'vitest';
import { serveStage } from '../stage/stage.ts';
import { staged } from './staged.ts';
import { type Visit, visit } from './visit.ts';

const on = staged();
let other: Visit;

beforeAll(async () => {
  other = await visit(on.browser, on.served);
}, 120_000);

test('two browsers: one starts a run and answers it, the other sees it live; then it is applied', async () => {
  const { page } = on.here;
  await page.goto(`${on.served.url}/start`);
  await page.getByLabel(/^Workflow/).selectOption('ask');
  await page.getByRole('button', { name: 'Show the plan' }).click();
  await page.getByText('pawl run ask --spec spec.md').first().waitFor();
  await page.getByRole('button', { name: /^Start/ }).click();
  await page.waitForURL(/\/runs\/\d{6}-/);

  // Without anybody doing anything there.
  await other.page.getByRole('row').filter({ hasText: 'ask' }).getByText('waiting').waitFor();
  await page.getByLabel(/^Comment/).fill('In two lines, please');
  await page.getByRole('tab', { name: 'diff' }).click();
  await page.locator('.diff-gutter').last().click();
  await page.getByLabel('What the agent is to change here').fill('this one too');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('button', { name: 'Do it again' }).click();
  await page.getByRole('navigation', { name: 'Attempts' }).getByRole('button').nth(1).click();
  await page.getByRole('tab', { name: 'prompt' }).click();
  // Of the attempt that has just begun: the answer on its way shows these words, too.
  const told = page.locator('.log');
  await told.getByText(/impl\.txt:\d+: this one too/).waitFor();
  await told.getByText('In two lines, please').first().waitFor();
  await page.getByRole('button', { name: 'Approve', exact: true }).waitFor();

  await other.page.goto(`${on.served.url}/needs`);
  // The first question may still stand there.
  const asked = other.page.getByRole('article').filter({ hasText: 'attempt 2' });
  await asked.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('button', { name: 'Apply…' }).click();
  await page.getByText('commits onto').or(page.getByText('commit onto')).waitFor();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByText(/are on main|is on main/).waitFor();
  await other.page.getByText('Nothing waits for you.').waitFor();
}, 120_000);

test('a run is stopped from the page, after it was asked whether that is meant; resumed, it goes on', async () => {
  const { page } = on.here;
  on.stage.start('run', 'slow', '--spec', 'spec.md');
  await page.goto(on.served.url);
  // A process has to start first.
  await page.getByRole('row').filter({ hasText: 'slow' }).getByRole('link').click({ timeout: 60_000 });
  await page.getByRole('treeitem').first().click();
  await page.getByText('I wait for the word.').waitFor();
  await page.getByRole('button', { name: 'Abort the run' }).click();
  await page.getByRole('button', { name: 'Really: Abort the run' }).click();
  await page.getByRole('heading', { level: 1 }).getByText('aborted').waitFor();
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByRole('heading', { level: 1 }).getByText('running').waitFor();
  await page.getByRole('button', { name: 'Abort the run' }).click();
  await page.getByRole('button', { name: 'Really: Abort the run' }).click();
  await page.getByRole('heading', { level: 1 }).getByText('aborted').waitFor();
}, 120_000);

test('keys alone: the palette leads to a run, the tree is walked, f leads to the failure', async () => {
  await on.stage.pawl('run', 'fail', '--spec', 'spec.md');
  const { page } = on.here;
  await page.goto(on.served.url);
  await page.getByRole('row').filter({ hasText: 'fail' }).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('fail failed');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\//);
  await page.getByText('expected a till, found none').first().waitFor();
  await page.getByRole('button', { name: 'The whole run' }).click();
  await page.getByRole('tablist', { name: 'Of the run' }).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('tablist', { name: 'Of the attempt' }).waitFor();
  expect(page.url()).toContain('step=impl');
});

test('a connection that is lost comes back, and the page has what happened meanwhile', async () => {
  const { page } = other;
  await page.goto(on.served.url);
  await page.getByText('live', { exact: true }).waitFor();
  const { port } = new URL(on.served.url);
  await on.served.close();
  await page.getByText('connecting…').waitFor();
  const { code } = await on.stage.pawl('run', 'build', '--spec', 'spec.md');
  expect(code).toBe(0);
  on.served = await serveStage(on.stage, { port: Number(port) });
  await page.getByText('live', { exact: true }).waitFor();
  await page.getByRole('row').filter({ hasText: 'build' }).getByText('passed').waitFor();
}, 120_000);
