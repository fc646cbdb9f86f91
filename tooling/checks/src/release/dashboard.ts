import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const deadlineMs = 120_000;

/**
 * What a new user does who wants to look first: tarballs alone, in an empty folder, and the dashboard in a browser.
 * One sentence for each thing that is not there.
 */
export async function checkDashboard(
  tarballs: readonly string[],
  command: readonly [string, ...string[]],
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-npx-'));
  const said = `npx ${command.join(' ')}`;
  const words = ['--yes', ...tarballs.map((tarball) => `--package=${tarball}`), ...command, '--port', '0'];
  const child = spawn('npx', words, {
    cwd: folder,
    env: { ...plainEnvironment(), HOME: folder, PAWL_HOME: join(folder, 'home'), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    const address = await firstLine(child);
    const [, url, token] = /^(http:\/\/127\.0\.0\.1:\d+)\/#token=([\w-]+)$/.exec(address.line) ?? [];
    if (url === undefined || token === undefined) return [`${said} says ${address.line}\n${address.errors()}`];
    return (await look(url, token)).map((sentence) => `${said}: ${sentence}`);
  } finally {
    end(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function look(url: string, token: string): Promise<readonly string[]> {
  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(url + path, { headers, signal: AbortSignal.timeout(60_000) });
  const page = await get('/');
  const html = await page.text();
  const found: string[] = [];
  const expect = (good: boolean, sentence: string): void => void (good || found.push(sentence));
  expect(page.status === 200 && html.includes('<div id="root">'), `its page is answered with ${page.status}`);
  const parts = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(parts.length > 1, 'its page names no script and no style');
  for (const part of parts) {
    const { status } = await get(part);
    expect(status === 200, `${part} is answered with ${status}`);
  }
  expect((await get('/api/runs')).status === 401, 'it answers without a token');
  // The second has pawl itself started.
  for (const path of ['/api/runs', '/api/worktrees']) {
    const answer = await get(path, { authorization: `Bearer ${token}` });
    expect(answer.status === 200, `${path} is answered with ${answer.status}: ${await answer.text()}`);
  }
  return found;
}

/** Its first line; where it ends or says nothing, an empty one. */
function firstLine(child: ChildProcess): Promise<{ readonly line: string; errors(): string }> {
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve) => {
    const done = (line: string): void => {
      clearTimeout(timer);
      resolve({ line, errors: () => errors.slice(-2000) });
    };
    const timer = setTimeout(() => done(''), deadlineMs);
    child.on('error', () => done(''));
    child.on('close', () => done(''));
    if (child.stdout) createInterface(child.stdout).once('line', done);
  });
}

/** With what npx has started. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}

/** Without what pnpm says to its scripts. */
const plainEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|NODE$|NODE_PATH$|INIT_CWD$|PAWL_)/.test(name)),
  );
