import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mixed, mixedConfig, openMixed } from '../src/mixed-tdd.ts';
import { openPawl, type RunFact } from '../src/pawl.ts';

const of = (events: readonly RunFact[], type: string): RunFact[] => events.filter((event) => event.type === type);

// Claude Code plans, Codex writes the tests, Pi the code, and what Pi cannot do goes to Gemini CLI.
test('tdd with another real agent in each step, and an escalation to one of another maker', async () => {
  await using stage = await openMixed();
  const { repository, git, pawl, run } = await openPawl(stage);
  const folder = join(repository, '.pawl', 'workflows');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mixed.yaml'), mixed((await pawl('workflows', 'show', 'tdd')).stdout));
  writeFileSync(join(repository, '.pawl', 'config.yaml'), mixedConfig);
  git('add', '--all');
  git('commit', '--quiet', '--message=A workflow');

  const { code, events, stderr } = await run('mixed', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  const attempts = of(events, 'attempt-started').map(({ step, attempt, agent, session }) => [
    ...[step, attempt, agent, (session as { readonly mode: string } | undefined)?.mode],
  ]);
  const task = (name: string) => [
    [`decompose/${name}/red`, 1, 'tester', 'new'],
    [`decompose/${name}/green`, 1, 'coder', 'new'],
    [`decompose/${name}/green`, 2, 'coder', 'kept'],
    [`decompose/${name}/green`, 3, 'coder', 'kept'],
    [`decompose/${name}/green`, 4, 'last-resort', 'new'],
  ];
  expect(attempts).toEqual([
    ['decompose', 1, 'planner', 'new'],
    ...task('add'),
    ...task('multiply'),
    ['quality', 1, undefined, undefined],
  ]);

  const ends = of(events, 'effect-settled').flatMap(({ outcome }) => {
    const { kind, report } = outcome as {
      kind: string;
      report?: { session?: { provider: string }; unknownLines: number };
    };
    return kind === 'agent-ended' ? [[report?.session?.provider, report?.unknownLines]] : [];
  });
  const task4 = [['codex', 0], ...Array(3).fill(['pi', 0]), ['gemini', 0]];
  expect(ends).toEqual([['claude', 0], ...task4, ...task4]);
  expect(stage.asked().every((count) => count > 0)).toBe(true);

  expect(await pawl('apply')).toMatchObject({ code: 0 });
  expect(git('log', '--format=%s', '-4', '--reverse').trim().split('\n')).toEqual([
    ...['red: add', 'green: add', 'red: multiply', 'green: multiply'],
  ]);
  expect(stage.processes()).toEqual([]);
}, 240_000);
