import type { Plan } from '@pawl/core';
import type { SessionStore } from '@pawl/session-store';
import { type Script, writeRun } from './gallery-run.ts';
import { failing, said, spec } from './gallery-texts.ts';
import { code, planOf, split } from './story.ts';

/** When the pictures are taken. */
export const noon = Date.UTC(2026, 2, 14, 12, 0, 0);
export const minute = 60_000;

export const ids = {
  build: '260314-0912-build',
  fail: '260314-1031-fail',
  ask: '260314-1120-ask',
  live: '260314-1154-refactor',
  lost: '260314-0840-docs',
} as const;

export interface Shop {
  readonly store: SessionStore;
  readonly home: string;
  readonly repository: string;
  readonly base: string;
  readonly head: string;
}

export async function fill({ store, home, repository, base, head }: Shop): Promise<string> {
  const agents = Object.fromEntries(
    [
      ['claude-opus', 'claude', 'opus'],
      ['claude-haiku', 'claude', 'haiku'],
      ['codex', 'codex', 'gpt-5.1-codex'],
    ].map(([name = '', provider = '', model = '']) => [name, { name, provider, model, options: {} }]),
  );
  const more = {
    agents,
    spec: { text: spec, source: 'spec.md' },
    base: { commit: base, branch: 'main', repository },
    limits: { costUsd: 5 },
  };
  const haiku = { agent: [['claude-haiku']] };
  const tests = ['npm test', 'npm run lint'];
  const plan = (name: string, steps: Plan['steps'], description: string): Plan =>
    planOf({
      name,
      repository,
      steps,
      more: { ...more, workflow: { name, description, source: `.pawl/workflows/${name}.yaml` } },
    });
  const retried = { ...haiku, retry: { attempts: 3, entries: [{ attempt: 2, agent: [['claude-opus']] }] } };
  const building = split('plan', [code('plan/impl', tests, retried), code('plan/review', [], { agent: [['codex']] })], {
    agent: [['claude-opus']],
  });
  const check = { kind: 'gate', name: 'check', address: 'check', retry: { attempts: 1, entries: [] } } as const;
  const build = plan(
    'build',
    [building, { ...check, gates: [{ name: 'npm run build', kind: 'bash', command: 'npm run build' }] }],
    'Plans tasks, does each in a lane of its own, and looks at the whole.',
  );
  const alone = (name: string, attempts: number, pause = {}): Plan =>
    plan(
      name,
      [code('impl', tests, { ...haiku, retry: { attempts, entries: [] }, ...pause })],
      'One step, and its tests.',
    );
  const play = (run: string, told: Plan, begins: number, script: Script = {}, until?: string) =>
    writeRun({ runs: store.runs, home, run, plan: told, begins, script, head, ...(until !== undefined && { until }) });

  await play('260313-1604-build', build, noon - 1196 * minute);
  await play(ids.lost, alone('docs', 1), noon - 200 * minute, {}, 'impl#1/gate:npm test');
  await play(ids.build, build, noon - 168 * minute, {
    'plan/change/impl#1/gate:npm test': failing,
  });
  await play(ids.fail, alone('fail', 2), noon - 89 * minute, {
    'impl#1/gate:npm test': failing,
    'impl#2/gate:npm test': failing,
  });
  await play(ids.ask, alone('ask', 1, { pause: 'after_gate' }), noon - 40 * minute);
  await play(
    ids.live,
    { ...build, workflow: { ...build.workflow, name: 'refactor' } },
    noon - 6 * minute,
    {},
    'plan/cards/impl#1/gate:npm test',
  );
  // Who works on another machine cannot be asked, and counts as alive.
  await store.runs.acquire(ids.live, { pid: 1, started: '1', host: 'elsewhere' }, () => false);

  const ref = { provider: 'claude', id: '5f0c2f0e-1d52-4c64-9a3f-0c8d6b7e2a11', cwd: repository };
  const about = { agent: 'claude-opus', model: 'opus', repository, run: ids.build };
  const first = await store.sessions.begin({
    ...about,
    ref,
    at: noon - 160 * minute,
    title: 'Change from notes and coins',
    step: 'plan/change/impl',
    tags: ['till'],
  });
  await store.sessions.append(first.id, [
    { role: 'user', type: 'text', text: 'Give change from notes and coins.', at: noon - 160 * minute },
    { role: 'assistant', type: 'text', text: said, at: noon - 159 * minute },
    {
      role: 'assistant',
      type: 'tool-call',
      call: '1',
      kind: 'execute',
      name: 'shell',
      title: 'npm test',
      input: { command: 'npm test' },
      at: noon - 158 * minute,
    },
    { role: 'tool', type: 'tool-result', call: '1', status: 'ok', output: '12 tests passed', at: noon - 158 * minute },
    {
      role: 'assistant',
      type: 'text',
      text: 'All of them pass. The smallest coin is now counted last.',
      at: noon - 157 * minute,
    },
  ]);
  const usage = { inputTokens: 48_200, cachedInputTokens: 41_000, outputTokens: 3_100, turns: 9, costUsd: 0.42 };
  await store.sessions.record({ ...about, ref, at: noon - 157 * minute, usage });
  const fork = { provider: 'claude', id: '77b1e8de-4a0e-4f57-8f0c-6f6f3b9b5c22', cwd: repository };
  await store.sessions.record({
    ...about,
    ref: fork,
    parent: { ref },
    title: 'The same, in cents',
    at: noon - 90 * minute,
    usage: { ...usage, costUsd: 0.11 },
  });
  const other = { provider: 'codex', id: '019a2b3c-0000-7000-8000-0123456789ab', cwd: repository };
  await store.sessions.record({
    ref: other,
    at: noon - 30 * minute,
    agent: 'codex',
    model: 'gpt-5.1-codex',
    repository,
    title: 'Review of the till',
    run: ids.build,
    step: 'plan/cards/review',
    usage: { inputTokens: 9_000, outputTokens: 700, turns: 2 },
  });
  return first.id;
}

/** What some effects come to, by their id. */
