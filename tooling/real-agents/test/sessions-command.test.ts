import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyAgent, type ModelFor } from '../src/every-agent.ts';
import { openPawl, type PawlStage } from '../src/pawl.ts';

const workflow = `name: talk
steps:
  - { name: first, type: code, agent: claude, prompt: "Say one." }
  - { name: second, type: code, agent: claude, prompt: "Say two.", session: { from: first } }
`;

/** A home, a PAWL_HOME and a repository of its own, in front of the same model. */
async function machine(root: string, model: ModelFor): Promise<PawlStage & { readonly folder: string }> {
  const folder = mkdtempSync(join(root, 'machine-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  model.prepare(home);
  return { folder, ...(await openPawl({ folder, environment: { ...model.environment, HOME: home } })) };
}

test('a session of a run is forked, rewound, exported, imported on another machine and gone on with', async () => {
  const model = await everyAgent.claude?.open();
  if (!model) throw new Error('there is no Claude Code');
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-sessions-')));
  try {
    const here = await machine(root, model);
    mkdirSync(join(here.repository, '.pawl/workflows'), { recursive: true });
    writeFileSync(join(here.repository, '.pawl/workflows/talk.yaml'), workflow);
    writeFileSync(join(here.repository, 'spec.md'), 'Talk.\n');
    here.git('add', '--all');
    here.git('commit', '--quiet', '--message=Talk');
    const ran = await here.run('talk', '--spec', 'spec.md');
    expect(ran.code, ran.stderr).toBe(0);
    const json = async (on: PawlStage, ...args: string[]) => {
      const { code, stdout, stderr } = await on.pawl('sessions', ...args, '--json');
      expect(code, stderr).toBe(0);
      return JSON.parse(stdout);
    };
    const [session] = (await json(here, 'list')).sessions;
    expect(session).toMatchObject({ turns: 2, agent: 'claude', messages: 4 });
    // What the user had said, without what pawl wraps around it.
    const said = () =>
      (model.said().at(-1) ?? []).map((text) => /(Say \w+|go on|aside|early)/.exec(text)?.[0]).filter(Boolean);

    const fork = await json(here, 'fork', session.id, '--at', '2');
    expect((await here.pawl('sessions', 'resume', fork.session.id, 'aside')).code).toBe(0);
    expect(said()).toEqual(['Say one', 'aside']);
    expect(existsSync(fork.worktree)).toBe(true);

    const file = join(root, 'session.pawl');
    await json(here, 'export', session.id, '-o', file);
    const there = await machine(root, model);
    const taken = (await json(there, 'import', file)).session;
    expect(taken.ref.cwd.startsWith(there.folder)).toBe(true);
    const resumed = await there.pawl('sessions', 'resume', taken.id, 'go on');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(said()).toEqual(['Say one', 'Say two', 'go on']);
    expect(await json(there, 'import', file)).toMatchObject({ alreadyImported: true });
    // The fork goes too, with the files of its worktree.
    writeFileSync(join(fork.worktree, 'aside.txt'), 'aside\n');
    await json(here, 'export', fork.session.id, '-o', `${file}.fork`);
    const forkThere = (await json(there, 'import', `${file}.fork`)).session;
    expect(readFileSync(join(forkThere.ref.cwd, 'aside.txt'), 'utf8')).toBe('aside\n');
    expect((await there.pawl('sessions', 'resume', forkThere.id, 'go on')).code).toBe(0);
    expect(said()).toEqual(['Say one', 'aside', 'go on']);

    await json(here, 'rewind', session.id, '--at', '2');
    expect((await here.pawl('sessions', 'resume', session.id, 'early')).code).toBe(0);
    expect(said()).toEqual(['Say one', 'early']);
    expect(execFileSync('git', ['-C', here.repository, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
  } finally {
    await model.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}, 480_000);
