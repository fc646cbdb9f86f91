import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStage, stageIn } from './stage.ts';

const readme = join(import.meta.dirname, '../../../README.md');
const block = /(<!-- transcript: demo -->\n```text\n)([\s\S]*?)(```\n<!-- \/transcript -->)/;

/** What differs from run to run: ids, commits, times, places; and how a version of Node words a failed test. */
function steady(text: string): string {
  return text
    .replace(/\d{6}-\d{4}-[a-z0-9]{4}/g, 'RUN')
    .replace(/main@[0-9a-f]{8}/g, 'main@COMMIT')
    .replace(/\b\d+(\.\d+)?(ms|s)\b/g, 'TIME')
    .replace(/worktree \S+/g, 'worktree PLACE')
    .split('\n')
    .filter((line) => !/^ {6}/.test(line))
    .join('\n')
    .replace(/ +/g, ' ');
}

/** The demo's repository, its workflow run by the real program. `UPDATE_README=1` writes what it prints into the README. */
test('the transcript of the README is what the program prints', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-readme-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const stage = stageIn(folder, { name: 'text-tools', env: { COLUMNS: '100' } });
  cpSync(join(import.meta.dirname, '../demo/project'), stage.repository, { recursive: true });
  stage.git('init', '--quiet', '--initial-branch=main');
  stage.commit('A small library with tests');
  const { code, stderr } = await stage.pawl('run', 'tdd', '--spec', 'spec.md');
  expect(code).toBe(0);
  const printed = `$ pawl run tdd --spec spec.md\n${stderr.replaceAll(folder, '/tmp/demo')}`;
  const text = readFileSync(readme, 'utf8');
  if (process.env.UPDATE_README)
    writeFileSync(
      readme,
      text.replace(block, (_, before: string, __, after: string) => before + printed + after),
    );
  const shown = block.exec(readFileSync(readme, 'utf8'))?.[2] ?? '';
  expect(steady(shown)).toBe(steady(printed));
});

/** A newcomer, an empty home but for their name, a project with one commit: the commands of the README, word for word. */
test('who follows the README comes from a repository of their own to a merged result of a workflow of their own', () => {
  const [, commands = ''] = /<!-- walk: script -->\n```sh\n([\s\S]*?)```/.exec(readFileSync(readme, 'utf8')) ?? [];
  const stage = openStage();
  const bin = join(stage.folder, 'bin');
  mkdirSync(bin);
  const entry = join(import.meta.dirname, '../src/main.ts');
  const program = `#!/bin/sh\nexec '${process.execPath}' --conditions=@pawl/source '${entry}' "$@"\n`;
  writeFileSync(join(bin, 'pawl'), program, { mode: 0o755 });
  const { PAWL_HOME: _, ...env } = stage.env;
  const home = env.HOME ?? '';
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.com\n');
  rmSync(join(stage.repository, 'spec.md'));
  stage.commit('Without a specification');
  const output = execFileSync('sh', ['-e', '-c', `exec 2>&1; ${commands}`], {
    cwd: stage.repository,
    env: { ...env, PATH: `${bin}:${env.PATH}` },
    encoding: 'utf8',
    timeout: 200_000,
  });
  expect(output).toContain('1 workflow checked: no errors');
  expect(output).toContain('✗ attempt 1: gate failed: bash_0');
  expect(output).toContain('✓ passed · greet');
  expect(output).toContain('+Hello, Ada!');
  expect(output).toMatch(/✓ 1 commit of run \S+ brought to main/);
  expect(stage.read('greeting.txt')).toBe('Hello, Ada!\n');
  expect(stage.git('log', '--format=%s', '-2')).toBe('greeting\nA workflow of my own');
  expect(stage.git('status', '--porcelain')).toBe('?? spec.md');
});
