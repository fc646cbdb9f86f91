import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openStage, type Served, type Stage, serveStage } from '../stage/stage.ts';
import { openBrowser } from './browser.ts';
import { type Visit, visit } from './visit.ts';

/** A machine of its own for the tests of a file: its server, and a browser with one page that is signed in. */
export interface Staged {
  readonly stage: Stage;
  served: Served;
  readonly browser: Browser;
  readonly here: Visit;
}

/** What it answers is there once the tests run; it is closed behind them. */
export function staged(): Staged {
  const opened: { -readonly [Name in keyof Staged]?: Staged[Name] } = {};
  beforeAll(async () => {
    opened.stage = openStage();
    opened.served = await serveStage(opened.stage);
    opened.browser = await openBrowser();
    opened.here = await visit(opened.browser, opened.served);
  }, 120_000);
  afterAll(async () => {
    await opened.browser?.close();
    await opened.served?.close();
    await opened.stage?.close();
  });
  return opened as Staged;
}
