import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Me, RunList, SessionList } from '../../wire.ts';
import { ask } from '../stage/ask.ts';
import { openStage, type Served, type Stage, serveStage } from '../stage/stage.ts';
import { openBrowser } from './browser.ts';
import { barriers, tooWide, visit } from './visit.ts';

let stage: Stage;
let served: Served;
let browser: Browser;
const ids: Record<string, string> = {};

beforeAll(async () => {
  stage = openStage();
  for (const name of ['build', 'fail', 'nasty', 'ask']) await stage.pawl('run', name, '--spec', 'spec.md');
  served = await serveStage(stage);
  for (const { workflow, id } of (await ask(served, '/api/runs')).json<RunList>().runs) ids[workflow] = id;
  ids.repository = (await ask(served, '/api/session')).json<Me>().repositories[0]?.id ?? '';
  const { sessions } = (await ask(served, '/api/sessions')).json<SessionList>();
  ids.session = sessions.find(({ step }) => step === 'plan/middle/impl')?.id ?? '';
  browser = await openBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await served?.close();
  await stage?.close();
});

/** Each page, and a text that it shows when it has loaded. */
const pages: readonly (readonly [path: string, shown: string])[] = [
  ['/', 'build'],
  ['/needs', 'Approve'],
  ['/runs/{build}', 'plan/middle/impl'],
  ['/runs/{build}?tab=diff', 'middle.txt'],
  ['/runs/{build}?tab=graph', 'check'],
  ['/runs/{build}?tab=cost', 'together'],
  ['/runs/{build}?tab=environment', 'Specification'],
  ['/runs/{build}?tab=saved', 'Bring back as a branch'],
  ['/runs/{build}?tab=events', 'run-ended'],
  ['/runs/{build}?step=plan/middle/impl&attempt=0', 'middle is not right yet'],
  ['/runs/{build}?step=plan/middle/impl&attempt=1&tab=diff', 'right 2'],
  ['/runs/{fail}', 'expected a till, found none'],
  ['/runs/{fail}?step=impl&tab=gates', 'exit 1'],
  ['/runs/{fail}?step=impl&tab=log', 'I look at what is there'],
  ['/runs/{fail}?step=impl&tab=state', '{impl.status}'],
  ['/start', 'Show the plan'],
  ['/sessions', 'worker'],
  ['/sessions/{session}', 'I look at what is there'],
  ['/workflows', 'tdd'],
  ['/workflows/{repository}?name=build', 'Plans tasks'],
  ['/worktrees', 'main'],
  ['/compare?runs={build},{fail}', 'impl'],
  ['/analytics', 'worker'],
  ['/audit', 'sign-in'],
];

test.each([
  ['dark', 1440],
  ['light', 360],
] as const)(
  '%s, %i wide: each page is there, complains of nothing, fits and is accessible',
  async (theme, width) => {
    const { page, complaints, close } = await visit(browser, served, { theme, width });
    const problems: string[] = [];
    for (const [path, shown] of pages) {
      await page.goto(served.url + path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? ''));
      await page.locator('main').getByText(shown).first().waitFor({ state: 'attached' });
      for (const problem of [...(await tooWide(page)), ...(await barriers(page)), ...complaints.splice(0)])
        problems.push(`${path}: ${problem}`);
    }
    expect(problems).toEqual([]);
    await close();
  },
  240_000,
);

test('what an agent, a gate and a file said runs nowhere', async () => {
  const { page, complaints, close } = await visit(browser, served);
  for (const tab of ['conversation', 'diff', 'gates', 'log', 'prompt', 'state']) {
    await page.goto(`${served.url}/runs/${ids.nasty}?step=nasty&tab=${tab}`);
    await page.locator('main [role="tablist"]').waitFor();
    await page.waitForTimeout(500);
    await page.evaluate('for (const one of document.querySelectorAll("main details")) one.open = true');
    await page.waitForTimeout(200);
    expect(await page.evaluate('"hacked" in window')).toBe(false);
    expect(await page.locator('main script, main img, main iframe, main a[href^="javascript"]').count()).toBe(0);
  }
  for (const path of ['/', '/needs', '/sessions', `/runs/${ids.nasty}`, `/runs/${ids.nasty}?tab=graph`]) {
    await page.goto(served.url + path);
    await page.waitForTimeout(500);
    expect(await page.evaluate('"hacked" in window')).toBe(false);
  }
  expect(complaints).toEqual([]);
  await close();
});

test('without a token the page asks for one, and takes the address that pawl printed', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${served.url}/runs/${ids.fail}`);
  await page.getByLabel('Token').fill(`${served.url}/#token=${served.token}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('expected a till, found none').first().waitFor();
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(page.url()).not.toContain('token');
  await context.close();
});
