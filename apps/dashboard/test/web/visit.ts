import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import type { Served } from '../stage/stage.ts';

export interface Visit {
  readonly page: Page;
  /** What the page complained of, and what it asked of others than its server. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly width?: number;
  readonly theme?: 'dark' | 'light';
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
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:'))
      complaints.push(`asked ${request.url()}`);
  });
  await page.goto(`${url}/#token=${token}`);
  await page.getByText('live', { exact: true }).waitFor();
  return { page, complaints, close: () => context.close() };
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
