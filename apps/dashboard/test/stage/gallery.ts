import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openStore } from '@pawl/session-store';
import { openLane, openRepository } from '@pawl/worktree';
import { openHouse } from '../../server/open-house.ts';
import { repositoryOf } from '../../server/runs/repository.ts';
import { serve } from '../../server/serve.ts';
import { fill, ids, minute, noon } from './gallery-shop.ts';
import { after, before, spec, tests } from './gallery-texts.ts';
import { workflows } from './repository.ts';
import type { Served } from './stage.ts';

export { ids, noon };

export interface Gallery extends Served {
  readonly session: string;
  /** The id of its only one. */
  readonly repository: string;
  /** What is another text on each machine, as a pattern, and what stands in its place in a picture. */
  readonly replaced: readonly (readonly [pattern: string, by: string])[];
}

/** A machine with a repository and runs that are the same every time, wherever it stands: nothing in it is by chance or by the clock. */
export async function openGallery(): Promise<Gallery> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-gallery-')));
  const home = join(folder, 'pawl-home');
  const env = { PATH: programs(folder), HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1', PAWL_HOME: home };
  const { repository, base, head } = makeRepository(folder, env);
  const store = openStore({ file: join(home, 'pawl.db') });
  const session = await fill({ store, home, repository, base, head });
  await standing({ home, repository, base, env });
  const log: string[] = [];
  const cli = join(import.meta.dirname, '../../../cli/src/main.ts');
  const house = openHouse({
    env,
    cwd: repository,
    pawl: [process.execPath, '--conditions=@pawl/source', cli],
    readOnly: false,
    secure: false,
    names: [],
    store,
    now: () => noon,
    log: (text) => log.push(text),
  });
  const listening = await serve(house, { host: '127.0.0.1', port: 0 });
  house.listensOn(listening.port);
  return {
    url: `http://127.0.0.1:${listening.port}`,
    token: house.tokens.own,
    log,
    session,
    repository: repositoryOf(repository).id,
    replaced: [
      [folder, '/home/ada'],
      ['shop-[0-9a-f]{12}', 'shop-d1cdef699695'],
      [session, '83891a865b605093'],
      ['[0-9.]+ [kMG]B', '96 kB'],
    ],
    async close() {
      await listening.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Only these are on the PATH: which agents are installed here is not seen. */
function programs(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const name of ['git', 'sh']) symlinkSync(`/usr/bin/${name}`, join(bin, name));
  return bin;
}

function makeRepository(folder: string, env: Readonly<Record<string, string>>) {
  const repository = join(folder, 'shop');
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(repository, name)), { recursive: true });
    writeFileSync(join(repository, name), text);
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: repository,
      env: {
        ...env,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_DATE: '2026-03-14T08:00:00Z',
        GIT_COMMITTER_DATE: '2026-03-14T08:00:00Z',
      },
      encoding: 'utf8',
    }).trim();
  write('README.md', '# shop\n');
  write('spec.md', spec);
  write('src/till.ts', before);
  write(
    '.pawl/config.yaml',
    'agents:\n  worker: { provider: script, options: { command: [node, agent.mjs] } }\n  strong: { provider: script, options: { command: [node, agent.mjs] } }\n',
  );
  for (const [name, text] of Object.entries(workflows)) write(`.pawl/workflows/${name}.yaml`, text);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=A shop without a till');
  const base = git('rev-parse', 'HEAD');
  write('src/till.ts', after);
  write('src/till.test.ts', tests);
  git('add', '--all');
  git('commit', '--quiet', '--message=Build a till');
  const head = git('rev-parse', 'HEAD');
  git('branch', 'pawl/build/main');
  git('reset', '--quiet', '--hard', base);
  chmodSync(repository, 0o755);
  return { repository, base, head };
}

interface Standing {
  readonly home: string;
  readonly repository: string;
  readonly base: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Worktrees as runs leave them, last used when the run was. */
async function standing({ home, repository: root, base, env }: Standing): Promise<void> {
  const repository = await openRepository(root, { env });
  for (const [run, at] of [
    [ids.ask, noon - 39 * minute],
    [ids.fail, noon - 87 * minute],
    [ids.build, noon - 160 * minute],
  ] as const) {
    const lane = await openLane({ repository, run, lane: 'main', folder: join(home, 'worktrees'), base });
    if (run === ids.fail) writeFileSync(join(lane.path, 'src/till.ts'), after);
    await lane.close();
    const own = `${lane.path}.pawl`;
    for (const place of [join(own, 'index'), own, lane.path]) utimesSync(place, at / 1000, at / 1000);
  }
}
