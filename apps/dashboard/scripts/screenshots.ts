// Makes the pictures of docs/dashboard.md: real runs of script agents, the built page, the system's Chromium.
import { join } from 'node:path';
import { ask } from '../test/stage/ask.ts';
import { openStage, serveStage } from '../test/stage/stage.ts';
import { openBrowser } from '../test/web/browser.ts';
import build from '../test/web/build.ts';
import { visit } from '../test/web/visit.ts';
import type { RunList } from '../wire.ts';

const folder = join(import.meta.dirname, '../../../docs/images');
const shots = [
  ['runs', '/', 1280, 'dark'],
  ['run', '/runs/{build}?step=plan/middle/impl&attempt=0', 1280, 'light'],
  ['needs', '/needs', 360, 'dark'],
] as const;

await build();
const stage = openStage();
for (const name of ['build', 'fail', 'ask']) await stage.pawl('run', name, '--spec', 'spec.md');
const served = await serveStage(stage);
const browser = await openBrowser();
try {
  const { runs } = (await ask(served, '/api/runs')).json<RunList>();
  const ids = Object.fromEntries(runs.map(({ workflow, id }) => [workflow, id]));
  for (const [name, path, width, theme] of shots) {
    const { page, quiet, close } = await visit(browser, served, { width, theme });
    await page.goto(served.url + path.replace(/\{(\w+)\}/, (_, one: string) => ids[one] ?? ''));
    await quiet();
    // No more than there is to see.
    const end = Number(
      await page.evaluate('document.querySelector("main").lastElementChild.getBoundingClientRect().bottom'),
    );
    const clip = { x: 0, y: 0, width, height: Math.min(900, Math.ceil(end) + 16) };
    await page.screenshot({ path: join(folder, `dashboard-${name}.png`), clip });
    await close();
  }
} finally {
  await browser.close();
  await served.close();
  await stage.close();
}
