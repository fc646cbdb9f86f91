import type { PlannedStep } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { code, compileText, planOf, pointed, toldOf, workflow } from './whole.ts';

const prompt = (name: string, text: string, indent = 2) =>
  `${' '.repeat(indent)}- { name: ${name}, type: code, agent: claude, prompt: "${text}" }\n`;
const group = (name: string, steps: string, more = '') => `  - name: ${name}\n${more}    steps:\n${steps}`;
const stepRef = (address: string, field: string) => ({ ref: 'step', address, field });

describe('groups', () => {
  test('run their steps in order, or side by side', () => {
    const steps = `${code('a', '', 6)}${code('b', '', 6)}`;
    const plan = planOf(
      workflow(
        `${group('one', steps)}${group('two', steps, '    parallel: true\n    max_parallel: 2\n')}${group('three', steps, '    parallel: "true"\n')}${group('four', steps, '    parallel: "1"\n')}${group('five', steps, '    parallel: false\n')}`,
        'max_parallel: 5\n',
      ),
    );
    const inner = (name: string) => ({
      kind: 'group',
      name,
      steps: [{ address: `${name}/a` }, { address: `${name}/b` }],
    });
    expect(plan.steps).toMatchObject([
      inner('one'),
      { ...inner('two'), parallel: { max: 2 } },
      { ...inner('three'), parallel: { max: 5 } },
      { ...inner('four'), parallel: { max: 5 } },
      inner('five'),
    ]);
    expect(plan.steps[4]).not.toHaveProperty('parallel');
    expect(plan.steps[0]).not.toHaveProperty('parallel');
    const free = planOf(workflow(group('g', steps, '    parallel: true\n')));
    expect(free.steps[0]).toHaveProperty('parallel', {});
  });

  test('have gates, a retry and a pause of their own', () => {
    const more =
      '    gate: [test, { coverage: 80 }]\n    retry: [{ not: gate.test, worktree: reset }, { exit: 3 }]\n    hitl: after_gate\n    when: true\n';
    expect(planOf(workflow(group('g', code('a', '', 6), more))).steps[0]).toMatchObject({
      gates: [{ name: 'test' }, { name: 'coverage_1', kind: 'coverage', atLeast: 80 }],
      retry: { attempts: 3, entries: [{ attempt: 2, not: 'test', worktree: 'reset' }] },
      pause: 'after_gate',
      when: { is: 'true', value: true },
    });
    expect(
      toldOf(
        workflow(group('g', code('a', '', 6), '    retry: [{ attempt: 2, agent: codex, prompt: p }, { exit: 3 }]\n')),
      ),
    ).toEqual(['warning no-effect', 'warning no-effect']);
    expect(toldOf(workflow(group('g', code('a', '', 6), '    retry: [{ attempt: 2 }]\n')))).toEqual([
      'error missing-key',
    ]);
  });

  test("Gump's sequential form with a type is a group too", () => {
    const { plan, diagnostics } = compileText(workflow(group('g', code('a', '', 6), '    type: code\n')));
    expect(diagnostics.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'no-effect']]);
    expect(plan?.steps[0]).toMatchObject({ kind: 'group', steps: [{ address: 'g/a' }] });
  });

  test.each([
    ['agent: claude', 'misplaced'],
    ['prompt: p', 'misplaced'],
    ['guard: { max_turns: 2 }', 'misplaced'],
    ['run: { agent: claude }', 'misplaced'],
    ['workflow: other', 'misplaced'],
    ['with: { a: b }', 'misplaced'],
    ['type: split', 'misplaced'],
    ['each: [{ name: x, gate: [test] }]', 'misplaced'],
    ['max_parallel: 2', 'misplaced'],
    ['parallel: perhaps', 'invalid-value'],
    ['gate: [schema]', 'misplaced'],
  ])('with %s are told', (more, expected) => {
    expect(toldOf(workflow(group('g', code('a', '', 6), `    ${more}\n`)))).toContain(`error ${expected}`);
  });

  test.each(['parallel: true', 'loop: { until: gate.test, max: 2 }', 'max_parallel: 3', 'with: { a: b }'])(
    'no other step has %s',
    (more) => {
      expect(toldOf(workflow(code('a', `, ${more}`)))).toHaveLength(1);
      expect(toldOf(workflow(`  - { name: a, gate: [test], ${more} }\n`))).toHaveLength(1);
    },
  );

  test('a split may be parallel, and keeps its max', () => {
    const split = (more: string) =>
      workflow(`  - { name: s, type: split, agent: claude, ${more}, each: [{ name: a, gate: [test] }] }\n`);
    expect(planOf(split('parallel: true, max_parallel: 4')).steps[0]).toMatchObject({ parallel: { max: 4 } });
    expect(planOf(split('parallel: false')).steps[0]).not.toHaveProperty('parallel');
    expect(toldOf(split('max_parallel: 4'))).toEqual(['error misplaced']);
  });
});

describe('what can be read in and around a group', () => {
  const reviews = (more: string) =>
    group('reviews', `${code('arch', '', 6)}${prompt('sec', more, 6)}`, '    parallel: true\n');

  test('its steps, after it: by path, or by name where that is clear', () => {
    const text = workflow(`${reviews('p')}${prompt('last', '{reviews/arch.comments} {arch.output} {reviews.status}')}`);
    expect(planOf(text).steps[1]).toMatchObject({
      prompt: [
        [
          stepRef('reviews/arch', 'comments'),
          ' ',
          stepRef('reviews/arch', 'output'),
          ' ',
          stepRef('reviews', 'status'),
        ],
      ],
    });
    const two = workflow(
      `${group('x', code('a', '', 6))}${group('y', code('a', '', 6))}${prompt('last', '{a.output} {y/a.output}')}`,
    );
    expect(toldOf(two)).toEqual(['error ambiguous']);
    expect(toldOf(two.replace('{a.output} ', ''))).toEqual([]);
    expect(toldOf(workflow(`${reviews('p')}${prompt('last', '{reviews.output}')}`))).toEqual(['error unknown-field']);
  });

  test('not what runs at the same time', () => {
    const text = workflow(reviews('{arch.output}'));
    const { diagnostics } = compileText(text);
    expect(diagnostics.map((diagnostic) => [diagnostic.code, pointed(text, diagnostic)])).toEqual([
      ['side-by-side', '{arch.output}'],
    ]);
  });

  test('an outer name is hidden by an inner one', () => {
    const text = workflow(`${code('arch')}${group('g', `${code('arch', '', 6)}${prompt('b', '{arch.output}', 6)}`)}`);
    expect(planOf(text).steps[1]).toMatchObject({ steps: [{}, { prompt: [[stepRef('g/arch', 'output')]] }] });
  });

  test('tasks belong to the split around it', () => {
    const text = workflow(
      `  - name: plan\n    type: split\n    agent: claude\n    each:\n      - name: both\n        steps:\n${prompt('a', '{task.name} {gate.task_files}', 10)}${prompt('b', '{a.output}', 10)}      - { name: after, type: code, agent: claude, prompt: "{both/a.diff}" }\n${prompt('last', '{a.output}')}`,
    );
    const { diagnostics } = compileText(text);
    expect(diagnostics.map(({ code, line }) => [code, line])).toEqual([['ambiguous', 12]]);
    expect(
      JSON.stringify(planOf(text.replace('{a.output}" }\n', 'p" }\n').replace(prompt('last', '{a.output}'), ''))),
    ).toContain('"address":"plan/both/a","field":"diff"');
  });
});

describe('loop', () => {
  const looped = (until: string, more = '') =>
    workflow(
      group(
        'g',
        `${prompt('impl', '{review.comments}', 6)}      - { name: review, type: validate, agent: claude, gate: [schema] }\n`,
        `    loop: { until: ${until}, max: 3 }\n    gate: [test]\n${more}`,
      ),
    );

  test('ends by a gate of the group or a condition over its steps', () => {
    const loopOf = (until: string) => planOf(looped(until)).steps[0];
    expect(loopOf('gate.test')).toMatchObject({ loop: { until: { is: 'gate', gate: 'test' }, max: 3 } });
    expect(loopOf('test')).toMatchObject({ loop: { until: { is: 'gate', gate: 'test' } } });
    expect(loopOf('"{review.output} == true"')).toMatchObject({
      loop: { until: { is: '==', left: stepRef('g/review', 'output'), right: true } },
    });
  });

  test('its steps read what a later one said the time before', () => {
    expect(planOf(looped('test')).steps[0]).toMatchObject({
      steps: [{ prompt: [[stepRef('g/review', 'comments')]] }, {}],
    });
    expect(toldOf(looped('test').replace('    loop: { until: test, max: 3 }\n', ''))).toEqual(['warning later-step']);
    // what is repeated by a retry is told the same way
    expect(
      toldOf(looped('test', '    retry: [{ exit: 2 }]\n').replace('    loop: { until: test, max: 3 }\n', '')),
    ).toEqual([]);
  });

  test.each([
    ['{ until: test }', 'missing-key'],
    ['{ max: 3 }', 'missing-key'],
    ['{ until: test, max: 0 }', 'invalid-value'],
    ['{ until: lint, max: 3 }', 'unknown-name'],
    ['{ until: gate.schema, max: 3 }', 'unknown-name'],
    ['{ until: "{gate.test}", max: 3 }', 'unknown-name'],
    ['{ until: "{nothing.output}", max: 3 }', 'unknown-name'],
    ['{ untli: test, max: 3 }', 'unknown-key'],
    ['yes', 'wrong-type'],
  ])('%s is told', (loop, expected) => {
    const text = looped('test').replace('{ until: test, max: 3 }', loop);
    expect(toldOf(text)).toEqual([`error ${expected}`]);
  });
});

describe('sessions across groups, tasks and copies', () => {
  const impl = (session: string, indent = 6) => code('impl', `, session: ${session}`, indent);
  const sessionOf = (text: string, at: (steps: readonly PlannedStep[]) => unknown) => at(planOf(text).steps);

  test('fork takes a copy, also out of a split and by lanes that run side by side', () => {
    expect(sessionOf(workflow(`${code('a')}${impl('{ fork: a }', 2)}`), (steps) => steps[1])).toMatchObject({
      session: { mode: 'fork', address: 'a' },
    });
    expect(
      sessionOf(
        workflow(
          `${code('a')}  - name: impl\n    type: code\n    agent: claude\n    prompt: p\n    session: fork: a\n`,
        ),
        (steps) => steps[1],
      ),
    ).toMatchObject({ session: { mode: 'fork', address: 'a' } });
    const lanes = (session: string) => workflow(`${code('a')}${group('g', impl(session), '    parallel: true\n')}`);
    expect(sessionOf(lanes('{ fork: a }'), (steps) => steps[1])).toMatchObject({
      steps: [{ session: { mode: 'fork', address: 'a' } }],
    });
    expect(toldOf(lanes('{ from: a }'))).toEqual(['warning session-target']);
    const each = (session: string) =>
      workflow(`  - name: plan\n    type: split\n    agent: claude\n    each:\n${impl(session)}`);
    expect(sessionOf(each('{ fork: plan }'), (steps) => steps[0])).toMatchObject({
      each: [{ session: { mode: 'fork', address: 'plan' } }],
    });
    expect(toldOf(each('{ from: plan }'))).toEqual(['warning session-target']);
  });

  test('from goes into and out of a group that runs in order', () => {
    const into = workflow(`${code('a')}${group('g', impl('{ from: a }'))}`);
    expect(sessionOf(into, (steps) => steps[1])).toMatchObject({
      steps: [{ session: { mode: 'from', address: 'a' } }],
    });
    const out = workflow(`${group('g', code('a', '', 6))}${impl('{ from: g/a }', 2)}`);
    expect(sessionOf(out, (steps) => steps[1])).toMatchObject({ session: { mode: 'from', address: 'g/a' } });
  });

  test.each([
    ['{ from: g }', 'is a group'],
    ['{ from: b }', 'at the same time'],
    ['{ from: later }', 'runs later'],
    ['{ fork: later }', 'runs later'],
    ['{ from: nobody }', 'nobody works'],
    ['{ from: call }', 'calls a workflow'],
    ['{ fork: call }', 'calls a workflow'],
  ])('%s has none: from begins a new one and says so, of nothing there is no copy', (session, message) => {
    const before = `${code('nobody').replace('agent: claude, prompt: p', 'agent: pass, gate: [test]')}  - { name: call, workflow: simple }\n`;
    const where = session.includes(': b') ? 6 : 2;
    const text = workflow(
      `${before}${group('g', `${code('b', '', 6)}${where === 6 ? impl(session) : code('c', '', 6)}`, '    parallel: true\n')}${where === 2 ? impl(session, 2) : ''}${code('later')}`,
    );
    const { diagnostics, plan } = compileText(text);
    const severity = session.includes('fork') ? 'error' : 'warning';
    expect(diagnostics).toMatchObject([
      { severity, code: 'session-target', message: expect.stringContaining(message) },
    ]);
    if (severity === 'error') return;
    expect(diagnostics[0]?.message).toMatch(/; a new one is started$/);
    expect(JSON.stringify(plan?.steps)).not.toContain('"from"');
  });

  test('an agent that cannot fork is told, with those that can', () => {
    const capabilities = ({ provider }: { provider: string }) => ({
      sessions: provider === 'codex' ? ['resume', 'fork'] : ['resume'],
      access: ['read-only', 'edit'] as const,
    });
    const text = workflow(`${code('a')}${impl('{ fork: a }', 2)}`);
    const { diagnostics } = compileText(text, { capabilities });
    expect(diagnostics).toMatchObject([
      { code: 'agent-cannot', severity: 'error', line: 4, hint: expect.stringContaining('`codex`') },
    ]);
    expect(diagnostics[0]?.hint).not.toContain('claude');
    expect(toldOf(text.replaceAll('claude', 'codex'), { capabilities })).toEqual([]);
    expect(toldOf(text, { capabilities: () => undefined })).toEqual([]);
    expect(toldOf(workflow(code('a', ', access: full')), { capabilities })).toEqual(['error agent-cannot']);
    const retry = ', access: full, retry: [{ attempt: 2, agent: claude-opus }, { exit: 2 }]';
    expect(
      toldOf(workflow(code('a', retry)), {
        capabilities: ({ model }) => ({ access: model === 'opus' ? ['edit'] : ['full'] }),
      }),
    ).toEqual(['error agent-cannot']);
  });
});
