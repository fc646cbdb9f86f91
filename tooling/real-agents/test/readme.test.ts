import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openStage } from '../src/stage.ts';

const root = join(import.meta.dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const walk = (name: string): string =>
  new RegExp(`<!-- walk: ${name} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? '';

test('who follows the README comes with the real Claude Code to a merged result of their own workflow', async () => {
  const greeting = 'Hello, Ada and Grace!';
  await using stage = await openStage({
    turns: [
      { tools: [{ name: 'Bash', input: { command: `echo "${greeting}" > greeting.txt`, description: 'Greet both' } }] },
      { text: 'I greet both.' },
    ],
  });
  const repository = join(stage.folder, 'project');
  const bin = join(stage.folder, 'bin');
  for (const folder of [repository, bin]) mkdirSync(folder);
  const program = `#!/bin/sh\nexec '${process.execPath}' --conditions=@pawl/source '${root}/apps/cli/src/main.ts' "$@"\n`;
  writeFileSync(join(bin, 'pawl'), program, { mode: 0o755 });
  writeFileSync(join(stage.home, '.gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.com\n');
  const env = { ...stage.environment, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: '1', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, env, encoding: 'utf8' });
  git('init', '--quiet', '--initial-branch=main');
  writeFileSync(join(repository, 'README.md'), '# mine\n');
  git('add', '--all');
  git('commit', '--quiet', '--message=First');
  // Not waited for in this thread: the model answers from it.
  const run = (commands: string) =>
    promisify(execFile)('sh', ['-e', '-c', `exec 2>&1; ${commands}`], {
      cwd: repository,
      env,
      encoding: 'utf8',
      timeout: 400_000,
    });
  expect((await run(walk('script'))).stdout).toMatch(/✓ 1 commit of run \S+ brought to main/);
  const { stdout } = await run(walk('agent'));
  expect(stdout).toContain('claude');
  expect(stdout).toContain('✓ passed · greet');
  expect(stdout).toMatch(/✓ 1 commit of run \S+ brought to main/);
  expect(stdout).toMatch(/\$\d/);
  expect(readFileSync(join(repository, 'greeting.txt'), 'utf8')).toBe(`${greeting}\n`);
  expect(git('log', '--format=%s', '-2').trim()).toBe('greeting\ngreeting');
}, 850_000);
