import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stage } from './stage.ts';
import { writeTddProject } from './tdd-project.ts';

const entry = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url));
const deadlineMs = 120_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in a repository of its own, with the real agent in front of the stage's model. */
export interface PawlStage {
  readonly repository: string;
  git(...args: string[]): string;
  pawl(...args: string[]): Promise<Ended>;
  /** Every event of the run, from `--json`. */
  run(workflow: string, ...args: string[]): Promise<Ended & { readonly events: readonly RunFact[] }>;
}

/** An event as `--json` prints it; which fields it has is the type's. */
export type RunFact = { readonly type: string } & Readonly<Record<string, unknown>>;

export async function openPawl(stage: Pick<Stage, 'folder' | 'environment'>): Promise<PawlStage> {
  const repository = join(stage.folder, 'repository');
  mkdirSync(repository);
  const env = {
    ...stage.environment,
    PATH: process.env.PATH ?? '',
    PAWL_HOME: join(stage.folder, 'pawl'),
    NO_COLOR: '1',
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=A User', '-c', 'user.email=user@localhost', ...args], {
      cwd: repository,
      env,
      encoding: 'utf8',
    });
  await writeTddProject(repository);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=A project');

  const pawl = (...args: string[]): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--conditions=@pawl/source', entry, ...args], {
        cwd: repository,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', reject);
      child.on('close', (code) => {
        clearTimeout(timer);
        resolve({ code, stdout, stderr });
      });
    });
  return {
    repository,
    git,
    pawl,
    run: async (workflow, ...args) => {
      const ended = await pawl('run', workflow, '--json', ...args);
      const events = ended.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as RunFact);
      return { ...ended, events };
    },
  };
}
