import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../stage/ask.ts';
import { type Gallery, ids, noon, openGallery } from '../stage/gallery.ts';
import { openBrowser } from './browser.ts';
import { openPictures, type Pictures } from './pictures.ts';
import { tooWide, type Visit, visit } from './visit.ts';

let gallery: Gallery;
let browser: Browser;
let visited: Visit;
let pictures: Pictures;

beforeAll(async () => {
  gallery = await openGallery();
  browser = await openBrowser({ ...process.env, FONTCONFIG_FILE: join(import.meta.dirname, 'fonts.conf') });
  // Tags are asked for behind the first answer.
  for (let times = 0; times < 2; times += 1) await ask(gallery, '/api/runs');
  // One visit for all: whoever signs in is in the audit log.
  visited = await visit(browser, gallery, { now: noon });
  pictures = await openPictures(browser, visited.page);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

/** Each page, and a text that it shows when it is there. */
const pages: readonly (readonly [name: string, path: string, shown: string])[] = [
  ['runs', '/', 'build'],
  ['needs', '/needs', 'Approve'],
  ['run', '/runs/{build}', 'plan/change/impl'],
  ['run-live', '/runs/{live}', 'plan/cards/impl'],
  ['run-failed', '/runs/{fail}', 'expected 0.35'],
  ['run-diff', '/runs/{build}?tab=diff', 'till.test.ts'],
  ['run-graph', '/runs/{build}?tab=graph', 'check'],
  ['run-cost', '/runs/{build}?tab=cost', 'together'],
  ['run-environment', '/runs/{build}?tab=environment', 'Specification'],
  ['step', '/runs/{build}?step=plan/change/impl&attempt=0', 'sums are kept as'],
  ['step-diff', '/runs/{build}?step=plan/change/impl&attempt=1&tab=diff', 'Math.floor'],
  ['step-question', '/runs/{ask}', 'Approve'],
  ['start', '/start', 'Show the plan'],
  ['sessions', '/sessions', 'Review of the till'],
  ['session', '/sessions/{session}', 'The smallest coin'],
  ['workflows', '/workflows', 'tdd'],
  ['workflow', '/workflows/{repository}?name=build', 'Plans tasks'],
  ['worktrees', '/worktrees', 'of it needed no more'],
  ['compare', '/compare?runs={build},{live}', 'plan/change/impl'],
  ['analytics', '/analytics', 'claude-opus'],
  ['audit', '/audit', 'sign-in'],
];

const themes = ['dark', 'light'] as const;

test.each([360, 768, 1440])(
  '%i wide: each page looks as it did, in the dark and in the light',
  async (width) => {
    const { page } = visited;
    await page.setViewportSize({ width, height: 900 });
    const told: string[] = [];
    for (const [name, path, shown] of pages) {
      const known: Readonly<Record<string, string>> = {
        ...ids,
        session: gallery.session,
        repository: gallery.repository,
      };
      await page.goto(gallery.url + path.replace(/\{(\w+)\}/g, (_, id: string) => known[id] ?? ''));
      await page.locator('main').getByText(shown).first().waitFor({ state: 'attached' });
      await page.getByText('live', { exact: true }).waitFor();
      await visited.quiet();
      await replace(page);
      for (const problem of [...(await tooWide(page)), ...new Set(visited.complaints.splice(0))])
        told.push(`${name}: ${problem}`);
      for (const theme of themes) {
        await page.emulateMedia({ colorScheme: theme });
        const different = await pictures.differs(`${name}-${width}-${theme}`);
        if (different !== undefined) told.push(different);
      }
    }
    expect(told).toEqual([]);
  },
  400_000,
);

test('no picture is kept of a page that is not there', () => {
  const names = pages.flatMap(([name]) =>
    [360, 768, 1440].flatMap((width) => themes.map((theme) => `${name}-${width}-${theme}.webp`)),
  );
  expect(pictures.kept().filter((name) => !names.includes(name))).toEqual([]);
});

/** What is another text on each machine; and what lies below the fold is drawn at once, not when it comes near. */
async function replace(page: Page): Promise<void> {
  await page.evaluate(`{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { content-visibility: visible !important; }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode())
      for (const [pattern, by] of ${JSON.stringify(gallery.replaced)}) {
        const text = node.data.replace(new RegExp(pattern, 'g'), by);
        if (text !== node.data) node.data = text;
      }
  }`);
}
