import type { PlannedStep } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { parseWorkflow, promptFiles, workflowNames } from '../src/index.ts';
import { type environment, library } from './environment.ts';
import { compileText, planOf, toldOf, workflow } from './whole.ts';

const split = (more: string, each = '') => `  - name: build
    type: split
    agent: claude
    parallel: true
${more}    each:
      - { name: tests, type: code, agent: claude, prompt: p, gate: [compile, "touched: '*_test.go'"] }
      - { name: impl, type: code, agent: claude, prompt: p, gate: [compile, test, "bash: ls"] }
${each}`;
const resolversOf = (step: PlannedStep | undefined) => (step && 'parallel' in step && step.parallel?.onConflict) || [];

describe('on_conflict', () => {
  test('of a split is a step beside those of each, under the gates that judge files as they are', () => {
    const [resolver] = resolversOf(planOf(workflow(split('    on_conflict: { agent: claude-opus }\n'))).steps[0]);
    expect(resolver).toMatchObject({
      kind: 'code',
      address: 'build/on_conflict',
      agent: [['claude-opus']],
      access: 'edit',
      session: { mode: 'new' },
      retry: { attempts: 2, entries: [] },
      guard: { noWrite: false },
    });
    expect(resolver?.gates.map(({ name, kind }) => [name, kind])).toEqual([
      ['compile', 'compile'],
      ['test', 'test'],
      ['bash_2', 'bash'],
    ]);
    expect(JSON.stringify(resolver?.prompt)).toContain('"ref":"task"');
    expect(JSON.stringify(resolver?.prompt)).toContain('"ref":"spec"');
  });

  test('of a group knows of no task, where there is none', () => {
    const group = (more: string) => `  - name: both
    parallel: true
    on_conflict: { agent: claude${more} }
    steps:
      - { name: a, type: code, agent: claude, prompt: p }
`;
    const [resolver] = resolversOf(planOf(workflow(group(''))).steps[0]);
    expect(JSON.stringify(resolver?.prompt)).not.toContain('task');
    expect(toldOf(workflow(group(', prompt: "Mend {task.name}"')))).toEqual(['error task-outside-each']);
  });

  test('of a group is one below each of its steps, with the gates of that step and of those in it', () => {
    const plan = planOf(
      workflow(`  - name: both
    parallel: true
    on_conflict: { agent: claude, attempts: 4, guard: { max_turns: 9 }, prompt: "Mend {spec}" }
    gate: [lint]
    steps:
      - { name: a, type: code, agent: claude, prompt: p, gate: [test] }
      - name: b
        gate: ["bash: one"]
        steps:
          - { name: in, type: code, agent: claude, prompt: p, gate: ["bash: two"] }
`),
    );
    const [a, b] = resolversOf(plan.steps[0]);
    expect(a).toMatchObject({
      address: 'both/a/on_conflict',
      retry: { attempts: 4 },
      guard: { turns: 9 },
      prompt: [['Mend ', { ref: 'spec' }]],
      gates: [{ kind: 'test' }],
    });
    expect(b).toMatchObject({
      address: 'both/b/on_conflict',
      gates: [
        { name: 'bash_0', command: 'one' },
        { name: 'bash_0_2', command: 'two' },
      ],
    });
  });

  test('at the root is that of every parallel step that does not say otherwise', () => {
    const root = 'on_conflict: { agent: claude-opus }\n';
    expect(resolversOf(planOf(workflow(split(''), root)).steps[0])).toHaveLength(1);
    expect(resolversOf(planOf(workflow(split('    on_conflict: stop\n'), root)).steps[0])).toEqual([]);
    expect(planOf(workflow(split('    on_conflict: stop\n'))).steps[0]).toHaveProperty('parallel', {});
  });

  test('is judged by the validators of its unit too, each at an address of its own', () => {
    const look = 'name: look\nsteps:\n  - { name: see, type: validate, agent: claude }\n';
    const text = workflow(
      split(
        '    on_conflict: { agent: claude }\n',
        '      - { name: more, type: code, agent: claude, prompt: p, gate: [{ validate: look }] }\n',
      ),
    );
    const { plan } = compileText(text, { workflows: library({ look }) });
    const [resolver] = resolversOf(plan?.steps[0]);
    expect(resolver?.gates.at(-1)).toMatchObject({
      name: 'look',
      call: { address: 'build/on_conflict/gate/look', steps: [{ address: 'build/on_conflict/gate/look/see' }] },
    });
  });

  test('is held to the commands of a workflow that its unit calls, of whatever depth', () => {
    const red = '  - { name: red, type: code, agent: claude, prompt: p, gate: [compile, "bash: make red"] }\n';
    const green =
      '  - { name: green, type: code, agent: claude, prompt: p, gate: [test, "touched: *.ts", "bash: make green"] }\n';
    const work = `name: work\nsteps:\n${red}${green}  - { name: after, gate: ["bash: make after"] }\n`;
    const outer = 'name: outer\nsteps:\n  - { name: deep, workflow: work }\n';
    const text = workflow(`  - name: both
    parallel: true
    on_conflict: { agent: claude }
    steps:
      - { name: a, workflow: outer, gate: [lint] }
      - { name: b, type: code, agent: claude, prompt: p, gate: [compile] }
`);
    const { plan, diagnostics } = compileText(text, { workflows: library({ work, outer }) });
    expect(diagnostics).toEqual([]);
    const [a, b] = resolversOf(plan?.steps[0]);
    // Not `make red`: the step after it has changed what that gate saw. Nor which files a step had touched.
    expect(a?.gates.map((gate) => (gate.kind === 'bash' ? gate.command : gate.kind))).toEqual([
      'lint',
      'compile',
      'test',
      'make green',
      'make after',
    ]);
    expect(new Set(a?.gates.map(({ name }) => name)).size).toBe(5);
    expect(b?.gates.map(({ kind }) => kind)).toEqual(['compile']);
  });

  test('is not held to what a bash gate said of files that a later step has changed', () => {
    const each = '      - { name: look, type: validate, agent: claude, prompt: p, gate: ["bash: last"] }\n';
    const [resolver] = resolversOf(
      planOf(
        workflow(
          split('    on_conflict: { agent: claude }\n', each).replace("touched: '*_test.go'", 'bash: must fail'),
        ),
      ).steps[0],
    );
    const commands = resolver?.gates.flatMap((gate) => (gate.kind === 'bash' ? [gate.command] : []));
    expect(commands).toEqual(['ls', 'last']);
  });

  test('may read what its task has done, and the agent that did it', () => {
    const plan = planOf(workflow(split('    on_conflict: { agent: "{impl.agent}", prompt: "{impl.diff}" }\n')));
    expect(resolversOf(plan.steps[0])[0]).toMatchObject({
      agent: [[{ ref: 'step', address: 'build/impl', field: 'agent' }]],
      prompt: [[{ ref: 'step', address: 'build/impl', field: 'diff' }]],
    });
  });

  test('may have its prompt in a file, also at the root', () => {
    const file = 'prompt: { file: prompts/found.md } }';
    const text = workflow(
      split(`    on_conflict: { agent: claude, ${file}\n`),
      `on_conflict: { agent: claude, ${file}\n`,
    );
    const parsed = parseWorkflow({ text, file: 'x.yaml' }).workflow;
    expect(parsed && promptFiles(parsed).map(({ path }) => path)).toEqual(['prompts/found.md', 'prompts/found.md']);
    expect(parsed && workflowNames(parsed)).toEqual([]);
  });

  test('needs an agent that may edit', () => {
    const text = workflow(split('    on_conflict: { agent: claude }\n'));
    const capabilities: NonNullable<ReturnType<typeof environment>['capabilities']> = () => ({ access: ['read-only'] });
    expect(compileText(text, { capabilities }).diagnostics.map(({ code, line }) => [code, line])).toContainEqual([
      'agent-cannot',
      7,
    ]);
  });

  test('has no place in a step that is neither split nor group', () => {
    const step = '  - { name: a, type: code, agent: claude, prompt: p, on_conflict: { agent: claude } }\n';
    expect(toldOf(workflow(step))).toEqual(['error misplaced']);
  });
});
