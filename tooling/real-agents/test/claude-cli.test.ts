import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startAnthropic } from '@pawl/fake-models';
import { expect, test } from 'vitest';
import { claudeCli } from '../src/clis.ts';

// Claude Code alone, without any part of pawl: when this fails, look at the CLI and not at the adapter.
const run = promisify(execFile);

test('the pinned version is the one on PATH', async () => {
  const { stdout } = await run('claude', ['--version'], { timeout: 30_000 });
  expect(stdout).toContain(claudeCli.version);
});

test('nothing but loopback is reachable, where the system can do that', () => {
  const beyond = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  if (process.env.PAWL_LOOPBACK_ONLY === '1') expect(beyond).toEqual([]);
  else expect(process.env.PAWL_LOOPBACK_ONLY).toBe('0');
});

test('it writes a file that the model asks for', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'pawl-claude-'));
  const file = join(cwd, 'hello.txt');
  const model = await startAnthropic({
    turns: [{ tools: [{ name: 'Write', input: { file_path: file, content: 'hello\n' } }] }, { text: 'Written.' }],
  });
  try {
    const args = ['-p', 'write', '--output-format', 'json', '--permission-mode', 'acceptEdits'];
    const env = { ...process.env, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'fake-key' };
    const running = run('claude', args, { cwd, env, timeout: 50_000 });
    running.child.stdin?.end();
    const { stdout } = await running;
    expect(JSON.parse(stdout)).toMatchObject({ is_error: false, result: 'Written.' });
    expect(await readFile(file, 'utf8')).toBe('hello\n');
    expect(model.requests.map((request) => request.kind)).toEqual(['turn', 'turn']);
    expect(model.requests[0]?.headers['x-api-key']).toBe('fake-key');
  } finally {
    await model.close();
    await rm(cwd, { recursive: true, force: true });
  }
});
