import { describe, expect, test } from 'vitest';
import { library } from './environment.ts';
import { code, compileText, planOf, pointed, toldOf, workflow } from './whole.ts';

const callee = (prompt: string, root = '') =>
  `name: callee\n${root}steps:\n  - { name: look, type: code, agent: claude, prompt: ${JSON.stringify(prompt)} }\n`;
const judge = (prompt: string, root = '', more = '') =>
  `name: judge\n${root}steps:\n  - { name: analyze, type: validate, agent: claude, prompt: ${JSON.stringify(prompt)}${more} }\n`;

const call = (more = '') => `  - { name: setup, workflow: other${more} }\n`;
const withOther = (text: string, more: Record<string, string> = {}) => ({
  workflows: library({ other: text, ...more }),
});

describe('a step that calls a workflow', () => {
  test('holds its steps, below its address', () => {
    const text = workflow(
      `${call(', with: { topic: "{spec}!" }, gate: [test], retry: [{ exit: 2 }], hitl: true')}${code('last')}`,
    );
    const plan = planOf(text, withOther(callee('{topic} {spec}', 'max_budget: 2\nmax_tokens: 5\n')));
    expect(plan.steps[0]).toEqual({
      kind: 'call',
      name: 'setup',
      address: 'setup',
      workflow: { name: 'other', source: 'other.yaml' },
      inputs: { topic: [[{ ref: 'spec' }, '!']] },
      limits: { costUsd: 2, tokens: 5 },
      steps: [
        expect.objectContaining({
          address: 'setup/look',
          prompt: [[{ ref: 'input', name: 'topic' }, ' ', { ref: 'spec' }]],
        }),
      ],
      outputs: { output: [[{ ref: 'step', address: 'setup/look', field: 'output' }]] },
      gates: [{ name: 'test', kind: 'test' }],
      retry: { attempts: 2, entries: [] },
      pause: 'before_gate',
    });
  });

  test('values are trimmed, and scalars of every kind', () => {
    const text = workflow(
      '  - name: setup\n    workflow: other\n    with:\n      a: |\n\n        one {spec}\n        two\n\n      b: 3\n      c: true\n      d: ""\n',
    );
    expect(planOf(text, withOther(callee('{a}{b}{c}{d}'))).steps[0]).toMatchObject({
      inputs: { a: [['one ', { ref: 'spec' }], ['two']], b: [['3']], c: [['true']], d: [[]] },
    });
  });

  test('its fields: outputs, and those of its steps by `state`', () => {
    const other = `${callee('p', 'outputs: { summary: "{look.diff}" }\n')}  - { name: group, steps: [{ name: deep, gate: [test] }] }\n`;
    const read = (field: string) => `${call()}  - { name: b, type: code, agent: claude, prompt: "{setup.${field}}" }\n`;
    const prompt = (field: string) => planOf(workflow(read(field)), withOther(other)).steps[1];
    const step = (address: string, field: string) => ({ prompt: [[{ ref: 'step', address, field }]] });
    expect(prompt('output')).toMatchObject(step('setup', 'output'));
    expect(prompt('summary')).toMatchObject(step('setup', 'summary'));
    expect(prompt('status')).toMatchObject(step('setup', 'status'));
    expect(prompt('state.look.comments')).toMatchObject(step('setup/look', 'comments'));
    expect(prompt('state.deep.gate.test')).toMatchObject(step('setup/group/deep', 'gate.test'));
    expect(planOf(workflow(read('summary')), withOther(other)).steps[0]).toMatchObject({
      outputs: { summary: [[{ ref: 'step', address: 'setup/look', field: 'diff' }]] },
    });
    expect(toldOf(workflow(read('sumary')), withOther(other))).toEqual(['error unknown-field']);
    expect(toldOf(workflow(read('state.lok.output')), withOther(other))).toEqual(['error unknown-name']);
    expect(toldOf(workflow(read('state.look.outptu')), withOther(other))).toEqual(['error unknown-field']);
  });

  test('its fields inside each are those of the same task', () => {
    const text = workflow(
      `  - name: plan\n    type: split\n    agent: claude\n    each:\n    ${call().trimStart().replace('- {', '  - {')}      - { name: b, type: code, agent: claude, prompt: "{setup.state.look.output}" }\n`,
    );
    expect(planOf(text, withOther(callee('p'))).steps[0]).toMatchObject({
      each: [{ steps: [{ address: 'plan/setup/look' }] }, { prompt: [[{ address: 'plan/setup/look' }]] }],
    });
  });
});

describe('what a workflow that is called can see', () => {
  const told = (prompt: string, more = '', root = '') => toldOf(workflow(call(more)), withOther(callee(prompt, root)));

  test('nothing but its inputs and the specification', () => {
    expect(told('{spec}{output}{attempt}')).toEqual([]);
    for (const word of ['diff', 'error', 'task.description', 'topic']) {
      expect(told(`{${word}}`)).toEqual(['error missing-input']);
      expect(told(`{${word}}`, `, with: { ${word}: x }`)).toEqual([]);
    }
    const text = workflow(`${code('impl')}${call()}`);
    expect(toldOf(text, withOther(callee('{impl.output}')))).toEqual(['error unknown-name']);
  });

  test('an input of a special name is the one that is given', () => {
    const given = ', with: { spec: a, diff: "{spec}", task.description: c }';
    expect(planOf(workflow(call(given)), withOther(callee('{spec}{diff}{task.description}'))).steps[0]).toMatchObject({
      steps: [{ prompt: [['spec', 'diff', 'task.description'].map((name) => ({ ref: 'input', name }))] }],
    });
    const split =
      'name: s\nsteps:\n  - { name: plan, type: split, agent: claude, each: [{ name: a, type: code, agent: claude, prompt: "{task.name}" }] }\n';
    const plan = planOf(workflow(call(', with: { spec: mine }')), withOther(split));
    expect(JSON.stringify(plan)).toContain('{"ref":"input","name":"spec"}');
    expect(JSON.stringify(plan)).not.toContain('{"ref":"spec"}');
    expect(JSON.stringify(plan)).toContain('{"ref":"task","field":"name"}');
  });

  test('words of its own retry stay its own', () => {
    const retry =
      '  - { name: look, type: code, agent: claude, prompt: "p {error}", retry: [{ attempt: 2, prompt: "{error} {diff}" }, { exit: 2 }] }\n';
    expect(planOf(workflow(call()), withOther(`name: c\nsteps:\n${retry}`)).steps[0]).toMatchObject({
      steps: [
        {
          prompt: [['p ', { ref: 'error' }]],
          retry: { entries: [{ prompt: [[{ ref: 'error' }, ' ', { ref: 'diff' }]] }] },
        },
      ],
    });
  });

  test('an agent by an input, also one of the caller', () => {
    const agent = 'name: c\nsteps:\n  - { name: look, type: code, agent: "{who}", prompt: p }\n';
    const plan = (who: string, root = '', before = '') =>
      planOf(workflow(`${before}${call(`, with: { who: ${who} }`)}`, root), withOther(agent));
    expect(plan('codex-mini').agents).toHaveProperty('codex-mini.model', 'gpt-5-mini');
    expect(plan('mine', 'agents: { mine: { provider: codex } }\n').agents).toHaveProperty('mine.provider', 'codex');
    expect(plan('"{a.agent}"', '', code('a')).steps[1]).toMatchObject({
      steps: [{ agent: [[{ ref: 'input', name: 'who' }]] }],
    });
    const unknown = workflow(call(', with: { who: nobody }'));
    const [told] = compileText(unknown, withOther(agent)).diagnostics;
    expect([told?.code, told?.file, told && pointed(unknown, told)]).toEqual(['unknown-agent', 'w.yaml', 'nobody']);
    expect(toldOf(workflow(`${code('a')}${call(', with: { who: "{a.output}" }')}`), withOther(agent))).toEqual([
      'error agent-template',
    ]);
    expect(toldOf(workflow(call(', with: { who: "" }')), withOther(agent))).toEqual(['error unknown-agent']);
    expect(toldOf(workflow(call(', get: { prompt: p }, with: { who: codex }')), withOther(agent))).toEqual([
      'error misplaced',
    ]);
  });

  test('two agents of one name stay two', () => {
    const other =
      'name: c\nagents: { mine: { provider: claude, model: opus } }\nsteps:\n  - { name: look, type: code, agent: mine, prompt: p }\n';
    const text = workflow(
      `${call()}  - { name: b, type: code, agent: mine, prompt: p }\n`,
      'agents: { mine: { provider: codex } }\n',
    );
    const plan = planOf(text, withOther(other));
    expect(plan.agents).toMatchObject({
      mine: { provider: 'codex' },
      'c/mine': { name: 'c/mine', provider: 'claude' },
    });
    expect(plan.steps).toMatchObject([{ steps: [{ agent: [['c/mine']] }] }, { agent: [['mine']] }]);
  });

  test('--agent runs its steps too', () => {
    const plan = planOf(workflow(call()), { ...withOther(callee('p')), agentOverride: 'stub' });
    expect(plan.steps[0]).toMatchObject({ steps: [{ agent: [['stub']] }] });
  });
});

describe('inputs that are declared', () => {
  const inputs =
    'inputs: { topic: string, depth: { type: number, default: 2 }, mode: { values: [fast, slow], default: fast }, dry: { type: boolean, default: false } }\n';
  const other = callee('{topic}{depth}{mode}{dry}', inputs);

  test('defaults are filled in', () => {
    expect(planOf(workflow(call(', with: { topic: t, depth: 3 }')), withOther(other)).steps[0]).toMatchObject({
      inputs: { topic: [['t']], depth: [['3']], mode: [['fast']], dry: [['false']] },
    });
  });

  test.each([
    ['', 'missing-input', 'other'],
    [', with: { topic: t, tpoic: u }', 'unknown-input', 'tpoic'],
    [', with: { topic: t, depth: many }', 'input-value', 'many'],
    [', with: { topic: t, mode: medium }', 'input-value', 'medium'],
    [', with: { topic: t, dry: maybe }', 'input-value', 'maybe'],
  ])('%s points at its fault', (more, expected, at) => {
    const text = workflow(call(more));
    const { diagnostics } = compileText(text, withOther(other));
    expect(diagnostics.map((diagnostic) => [diagnostic.code, pointed(text, diagnostic)])).toEqual([[expected, at]]);
  });

  test('a specification may be given to any', () => {
    expect(toldOf(workflow(call(', with: { topic: t, spec: s }')), withOther(other))).toEqual([]);
  });

  test('what is not declared is told in its file', () => {
    const { diagnostics } = compileText(
      workflow(call()),
      withOther(callee('{topic} {diff}', 'inputs: { x: { default: 1 } }\n')),
    );
    expect(diagnostics.map(({ code, file }) => [code, file])).toEqual([
      ['unused-input', 'other.yaml'],
      ['unknown-name', 'other.yaml'],
      ['unknown-name', 'other.yaml'],
    ]);
  });

  test('without a declaration one too many is a warning', () => {
    expect(toldOf(workflow(call(', with: { topic: t, spec: s, more: m }')), withOther(callee('{topic}')))).toEqual([
      'warning unused-input',
    ]);
  });
});

describe('get', () => {
  const text = (prompt: string) =>
    workflow(
      `${code('a')}  - name: impl\n    type: code\n    get: { workflow: tools/research, topic: "{a.output}", prompt: "${prompt}" }\n    run: { agent: claude }\n${code('b', ', context: [{ file: "{impl/get/research.output}.md" }]')}`,
    );
  const workflows = library({ 'tools/research': callee('{topic}') });

  test('runs a workflow before the agent, and its output is read by its last name', () => {
    const plan = planOf(text('{research.output} {research.state.look.diff}'), { workflows });
    const step = (address: string, field: string) => ({ ref: 'step', address, field });
    expect(plan.steps[1]).toMatchObject({
      prompt: [[step('impl/get/research', 'output'), ' ', step('impl/get/research/look', 'diff')]],
      get: {
        kind: 'call',
        name: 'research',
        address: 'impl/get/research',
        inputs: { topic: [[step('a', 'output')]] },
        steps: [{ address: 'impl/get/research/look' }],
      },
    });
    expect(plan.steps[2]).toMatchObject({ context: [{ path: [[{ address: 'impl/get/research' }, '.md']] }] });
  });

  test('another key of it is an input only beside `workflow`', () => {
    expect(toldOf(text('{reserach.output}'), { workflows })).toEqual(['error unknown-name']);
    expect(toldOf(workflow('  - { name: a, type: code, agent: claude, get: { prompt: p, topic: x } }\n'))).toEqual([
      'error unknown-key',
    ]);
    expect(toldOf(workflow('  - { name: a, workflow: other, get: { prompt: p } }\n'))).toContain('error misplaced');
  });
});

describe('a gate or a retry that asks a workflow', () => {
  const gated = (gate: string, retry = '') =>
    workflow(
      `  - name: impl\n    type: code\n    agent: claude\n    prompt: p\n    gate:\n      - test\n${gate}${retry}`,
    );
  const gate = '      - validate: validators/arch-review\n        diff: "{diff}"\n        what: "{output}"\n';
  const workflows = library({
    'validators/arch-review': judge('{diff}{what}'),
    'validators/stuck': judge('{error}'),
    other: callee('p'),
  });

  test('has the name of what it asks, and its verdict is the output', () => {
    expect(planOf(gated(gate), { workflows }).steps[0]).toMatchObject({
      gates: [
        { name: 'test' },
        {
          name: 'review',
          kind: 'validate',
          call: {
            name: 'review',
            address: 'impl/gate/review',
            inputs: { diff: [[{ ref: 'diff' }]], what: [[{ ref: 'output' }]] },
            steps: [{ address: 'impl/gate/review/analyze' }],
            outputs: {
              output: [[{ ref: 'step', address: 'impl/gate/review/analyze', field: 'output' }]],
              comments: [[{ ref: 'step', address: 'impl/gate/review/analyze', field: 'comments' }]],
            },
          },
        },
      ],
    });
  });

  test('is found among the validators first', () => {
    expect(toldOf(gated('      - { validate: arch-review, diff: x, what: y }\n'), { workflows })).toEqual([]);
    expect(toldOf(gated('      - "validate: other"\n'), { workflows })).toEqual(['error no-verdict']);
    expect(toldOf(gated('      - validate: nothing\n'), { workflows })).toEqual(['error unknown-workflow']);
  });

  test('may be answered by reviewers in a group', () => {
    const reviewers =
      'name: r\nsteps:\n  - name: g\n    parallel: true\n    steps:\n      - { name: one, type: validate, agent: claude }\n      - { name: two, type: validate, agent: claude }\n';
    const plan = planOf(gated('      - validate: r\n'), { workflows: library({ r: reviewers }) });
    expect(plan.steps[0]?.gates[1]).toMatchObject({
      call: { outputs: { comments: [[{ ref: 'step', address: 'impl/gate/r/g/two', field: 'comments' }]] } },
    });
  });

  test('two with one suffix, or that of another gate, have two names', () => {
    const more =
      '      - { validate: a/code-review, x: y }\n      - { validate: b/smoke-test, x: y }\n      - { validate: c/review, x: y }\n';
    const names = library({ 'a/code-review': judge('{x}'), 'b/smoke-test': judge('{x}'), 'c/review': judge('{x}') });
    const plan = planOf(gated(more), { workflows: names });
    expect(plan.steps[0]?.gates.map(({ name }) => name)).toEqual(['test', 'review', 'test_2', 'review_3']);
  });

  test('`not` and `validate` decide when an entry applies', () => {
    const retry =
      '    retry:\n      - { not: gate.test, agent: codex }\n      - { validate: validators/stuck, with: { error: "{error}" }, agent: claude-opus }\n      - { attempt: 4, not: gate.test, worktree: reset, session: new }\n      - { exit: 5 }\n';
    expect(planOf(gated('', retry), { workflows }).steps[0]).toMatchObject({
      retry: {
        attempts: 5,
        entries: [
          { attempt: 2, not: 'test', agent: [['codex']] },
          {
            attempt: 2,
            validate: {
              address: 'impl/retry/1',
              inputs: { error: [[{ ref: 'error' }]] },
              steps: [{ address: 'impl/retry/1/analyze' }],
            },
          },
          { attempt: 4, not: 'test', worktree: 'reset' },
        ],
      },
    });
    expect(
      toldOf(
        gated('', '    retry: [{ not: gate.test, validate: validators/stuck, with: { error: x } }, { exit: 2 }]\n'),
        {
          workflows,
        },
      ),
    ).toEqual(['error misplaced']);
    expect(toldOf(gated('', '    retry: [{ not: gate.tset }, { exit: 2 }]\n'))).toEqual(['error unknown-name']);
    expect(toldOf(gated('', '    retry: [{ not: test }, { exit: 2 }]\n'))).toEqual(['error invalid-value']);
    expect(toldOf(gated('', '    retry: [{ attempt: 2, with: { a: b } }, { exit: 2 }]\n'))).toEqual([
      'error misplaced',
    ]);
  });

  test('a step that works gives its own change even inside a workflow that was given one', () => {
    const inner = gated('      - { validate: validators/arch-review, diff: "{diff}", what: "{spec}" }\n').replace(
      'prompt: p',
      'prompt: "{diff}"',
    );
    const plan = planOf(workflow(call(', with: { diff: old }')), {
      workflows: (name) => (name === 'other' ? { text: inner, file: 'inner' } : workflows(name)),
    });
    expect(plan.steps[0]).toMatchObject({
      steps: [
        {
          prompt: [[{ ref: 'input', name: 'diff' }]],
          gates: [{}, { call: { inputs: { diff: [[{ ref: 'diff' }]] } } }],
        },
      ],
    });
  });
});

describe('what cannot be called', () => {
  test('a workflow that calls itself, at any depth', () => {
    const again = (name: string) => `name: n\nsteps:\n  - { name: again, workflow: ${name} }\n`;
    const loops = library({ other: again('b'), b: again('other'), self: again('self') });
    const { diagnostics } = compileText(workflow(call()), { workflows: loops });
    expect(diagnostics).toMatchObject([
      { code: 'workflow-cycle', file: 'b.yaml', line: 3, message: expect.stringContaining('`other` → `b` → `other`') },
    ]);
    expect(toldOf(workflow('  - { name: a, workflow: self }\n'), { workflows: loops })).toEqual([
      'error workflow-cycle',
    ]);
    // the run's own file by another name
    expect(toldOf(workflow(call()), { workflows: () => ({ text: workflow(call()), file: 'w.yaml' }) })).toEqual([
      'error workflow-cycle',
    ]);
  });

  test('one that is too deep, or too large with all that it calls', () => {
    const deep = (name: string) => ({
      text: `name: n\nsteps:\n  - { name: again, workflow: n${Number(name.slice(1)) + 1} }\n`,
      file: name,
    });
    expect(toldOf(workflow('  - { name: a, workflow: n1 }\n'), { workflows: deep })).toEqual(['error too-large']);
    const wide = (name: string) => {
      const next = `n${Number(name.slice(1)) + 1}`;
      const steps = Array.from({ length: 20 }, (_, index) => `  - { name: s${index}, workflow: ${next} }\n`);
      return { text: `name: n\nsteps:\n${steps.join('')}`, file: name };
    };
    expect(new Set(toldOf(workflow('  - { name: a, workflow: n1 }\n'), { workflows: wide }))).toEqual(
      new Set(['error too-large']),
    );
  });

  test('one with errors: they are told in its own file, once', () => {
    const { plan, diagnostics } = compileText(
      workflow(`${call()}${call().replace('setup', 'two')}`),
      withOther('name: o\nstpes: []\n'),
    );
    expect(plan).toBeUndefined();
    expect(diagnostics).toMatchObject([{ file: 'other.yaml', code: 'unknown-key' }]);
  });

  test.each(['../x', '/etc/x', 'a//b', 'a/../b', '""', '"{spec}"', 'a\\b', '.hidden'])('%s as a name', (name) => {
    expect(toldOf(workflow(`  - { name: a, workflow: ${name} }\n`))).toHaveLength(1);
  });

  test('one whose step takes a name that addresses need', () => {
    expect(toldOf(workflow(call()), withOther('name: o\nsteps: [{ name: gate, gate: [test] }]\n'))).toEqual([
      'warning reserved-name',
      'error reserved-name',
    ]);
    for (const name of ['gate', 'get', 'retry']) {
      expect(toldOf(workflow(`  - { name: g, steps: [{ name: ${name}, gate: [test] }] }\n`))).toEqual([
        'error reserved-name',
      ]);
    }
  });

  test('without a library there is none', () => {
    const { diagnostics } = compileText(workflow(call()), { workflows: () => undefined });
    expect(diagnostics).toMatchObject([{ code: 'unknown-workflow', line: 3 }]);
  });

  const work = (more: string) =>
    `  - name: impl\n    type: code\n    run: { agent: claude }\n    get: { prompt: p }\n${more}`;
  const get = (more: string) => `    get: { prompt: p, ${more} }\n`;
  const ways: readonly (readonly [string, (name: string, inputs: string) => string])[] = [
    ['a step', (name, inputs) => `  - { name: a, workflow: ${name}, with: { ${inputs} } }\n`],
    [
      '`get`',
      (name, inputs) =>
        work('').replace(get('').replace(',  }', ' }'), get(`workflow: ${name}${inputs === '' ? '' : `, ${inputs}`}`)),
    ],
    ['a gate', (name, inputs) => work(`    gate: [{ validate: ${name}${inputs === '' ? '' : `, ${inputs}`} }]\n`)],
    [
      'an entry of retry',
      (name, inputs) =>
        work(`    gate: [test]\n    retry: [{ validate: ${name}, with: { ${inputs} }, session: new }, { exit: 2 }]\n`),
    ],
  ];
  const typed = 'inputs: { topic: string, depth: { type: number, default: 2 } }\n';
  const library3 = library({ there: judge('{topic}{depth}', typed) });

  test.each(ways)('by %s: what is not there, and inputs that are missing, unknown or of another type', (_, text) => {
    const toldFor = (name: string, inputs: string) => toldOf(workflow(text(name, inputs)), { workflows: library3 });
    expect(toldFor('there', 'topic: t')).toEqual([]);
    expect(toldFor('gone', 'topic: t')).toEqual(['error unknown-workflow']);
    expect(toldFor('there', '')).toEqual(['error missing-input']);
    expect(toldFor('there', 'topic: t, tpoic: u')).toEqual(['error unknown-input']);
    expect(toldFor('there', 'topic: t, depth: many')).toEqual(['error input-value']);
  });
});
