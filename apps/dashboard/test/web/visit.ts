import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page, Request } from 'playwright-core';
import type { Served } from '../stage/stage.ts';

export interface Visit {
  readonly page: Page;
  /** What the page complained of, and what it asked of others than its server. */
  readonly complaints: string[];
  /** Waits until nothing is asked of the server any more, but for the stream, and nothing says that it loads. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly width?: number;
  readonly theme?: 'dark' | 'light';
  /** The time that the page believes it is. */
  readonly now?: number;
}

/** A page that is signed in, in a browser context of its own. */
export async function visit(browser: Browser, { url, token }: Served, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1280, theme = 'dark' } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  if (options.now !== undefined) await page.clock.setFixedTime(options.now);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      complaints.push(`asked ${request.url()}`);
  });
  const asked = new Set<Request>();
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') asked.add(request);
  });
  for (const ended of ['requestfinished', 'requestfailed'] as const)
    page.on(ended as 'requestfinished', (request) => asked.delete(request));
  const busy = async (): Promise<boolean> =>
    asked.size > 0 ||
    Boolean(await page.evaluate('/(Loading|Reading|Looking|Drawing)[^.]*…/.test(document.body.innerText)'));
  const quiet = async (): Promise<void> => {
    const until = Date.now() + 60_000;
    // Twice in a row: an answer may lead to the next question.
    for (let times = 0; times < 2; times = (await busy()) ? 0 : times + 1) {
      if (Date.now() > until)
        throw new Error(`the page still asks for ${[...asked].map((one) => one.url()).join(', ')}`);
      await page.waitForTimeout(50);
    }
  };
  await page.goto(`${url}/#token=${token}`);
  await page.getByText('live', { exact: true }).waitFor();
  return { page, complaints, quiet, close: () => context.close() };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** What WCAG 2.2 A and AA asks for, as far as a program can tell. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Not as a script element: the page's own policy forbids what is inline.
  const { violations } = (await page.evaluate(
    `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })`,
  )) as Found;
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`)
        .join(' | ')}`,
  );
}

/** Nothing is wider than the screen. */
export async function tooWide(page: Page): Promise<readonly string[]> {
  const over = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
  return over > 0 ? [`${over} pixels wider than the screen`] : [];
}
