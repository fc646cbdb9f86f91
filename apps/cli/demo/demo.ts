// Runs the built-in workflow `tdd` on a small repository in a temporary folder, with scripts in the place of agents.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pawl-demo-'));
const repository = join(folder, 'text-tools');
const env = { ...process.env, PAWL_HOME: join(folder, 'pawl-home') };

function run(file: string, args: readonly string[], quiet = false): void {
  const { status } = spawnSync(file, args, {
    cwd: repository,
    env,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
  });
  if (status !== 0) {
    console.error(`the demo stopped: ${file} ${args.join(' ')} ended with ${status}. Its folder is ${folder}`);
    process.exit(status ?? 1);
  }
}
const git = (...args: string[]): void =>
  run(
    'git',
    ['-c', 'user.name=pawl demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgsign=false', ...args],
    true,
  );

function pawl(...args: string[]): void {
  console.error(`\n$ pawl ${args.join(' ')}`);
  run(process.execPath, [here('../bin/pawl.js'), ...args]);
}

cpSync(here('project'), repository, { recursive: true });
git('init', '--initial-branch=main');
git('add', '--all');
git('commit', '--message=A small library with tests');

console.error(`A repository with a test, a specification and three agents lies in ${repository}.
The agents are scripts that know this one task by heart: nothing is called, nothing costs anything,
and the money shown is made up. Everything else is real: worktree, gates, retries, commits.`);
pawl('run', 'tdd', '--spec', 'spec.md');
pawl('report');
pawl('apply');
console.error('\n$ git log --oneline --stat');
run('git', ['--no-pager', 'log', '--oneline', '--stat', '--no-decorate', '--max-count=5']);
console.error('\n$ npm test');
run('npm', ['test', '--silent'], true);
console.error(`all tests pass

To put a real agent in: install Claude Code, sign in, take the three entries out of .pawl/config.yaml, and run
  pawl run tdd --spec spec.md
in a repository of yours (from this checkout: node ${here('../bin/pawl.js')} run tdd --spec spec.md).
This demo's folder may be removed: ${folder}`);
