import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '@pawl/session-store';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const entry = join(import.meta.dirname, '../src/main.ts');
const nobody = 65_534;
/** Root may do everything, so that nothing would be refused. */
const somebody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

async function pawl({ repository, env }: Stage, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--conditions=@pawl/source', entry, ...args], {
    ...{ cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] },
    ...somebody,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, said };
}

/** A catalogue with one session; whatever of it the user may do later, it is theirs. */
async function openShop(): Promise<{ readonly stage: Stage; readonly file: string; readonly id: string }> {
  const stage = openStage();
  chmodSync(stage.folder, 0o755);
  mkdirSync(stage.home);
  const file = join(stage.home, 'pawl.db');
  const store = openStore({ file });
  const ref = { provider: 'claude', id: '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11', cwd: stage.repository };
  const { id } = await store.sessions.begin({ ref, repository: stage.repository, title: 'The till', at: 1 });
  await store.close();
  if (somebody.uid !== undefined) execFileSync('chown', ['-R', `${nobody}:${nobody}`, stage.folder]);
  return { stage, file, id };
}

describe.skipIf(process.platform === 'win32')('a store that its user', () => {
  test.each([
    ['may only read', 0o500, 0o400, /cannot be written\. Give yourself write access/],
    ['may not write, in a folder that they may', 0o700, 0o400, /cannot be written\. Give yourself write access/],
    ['may write, in a folder that they may not', 0o500, 0o600, /cannot be written\. Give yourself write access/],
    ['may not even read', 0o700, 0o000, /cannot be written\. Give yourself write access/],
    ['cannot get at', 0o000, 0o600, /pawl\.db cannot be /],
  ])('%s is refused by name, whatever is asked of it, and stays as it was', async (_, folderMode, fileMode, why) => {
    const { stage, file, id } = await openShop();
    const before = readFileSync(file);
    chmodSync(file, fileMode);
    chmodSync(stage.home, folderMode);
    try {
      for (const args of [['sessions'], ['sessions', 'messages', id], ['sessions', 'rename', id, 'New'], ['list']]) {
        const { code, said } = await pawl(stage, ...args);
        expect([args, code, said]).toEqual([args, 5, expect.stringMatching(why)]);
      }
    } finally {
      chmodSync(stage.home, 0o700);
      chmodSync(file, 0o600);
    }
    expect(readdirSync(stage.home)).toEqual(['pawl.db']);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect((await pawl(stage, 'sessions')).said).toContain('The till');
  });
});
