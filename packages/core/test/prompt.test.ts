import { describe, expect, test } from 'vitest';
import {
  answer,
  call,
  checks,
  code,
  crash,
  fails,
  files,
  group,
  interrupted,
  limited,
  plan,
  split,
  turn,
  validate,
} from './given.ts';
import { type Answers, finish, type Played, play } from './play.ts';

const red = { 'impl#1/gate:test': fails('expected 1, got 2', 'npm test') };
const settings = { conventions: 'Tabs, never spaces.' };
const task = { tasks: [{ name: 'auth', description: 'Let people log in.', files: ['src/auth/**', 'test/auth/**'] }] };

/** One prompt of one run; the file of the same name holds it as the agent gets it. */
const cases: Readonly<Record<string, [run: () => Played, id: string]>> = {
  'first attempt': [() => one({ prompt: 'Do {spec}\n{error}\nNow.' }), 'impl#1/run-agent'],
  'retry in the same conversation': [() => one({ gates: ['test'], attempts: 3 }, red), 'impl#2/run-agent'],
  'retry in the same conversation of a prompt that says something else now': [
    () => one({ prompt: 'Do {spec}\nIt was red: {gate.test.error}', gates: ['test'], attempts: 3 }, red),
    'impl#2/run-agent',
  ],
  'last retry after an escalation': [
    () => one({ gates: ['test'], attempts: 2, entries: [{ attempt: 2, agent: 'opus' }] }, red),
    'impl#2/run-agent',
  ],
  'retry on the files put back': [
    () => one({ gates: ['test'], attempts: 2, entries: [{ attempt: 2, agent: 'opus', worktree: 'reset' }] }, red),
    'impl#2/run-agent',
  ],
  'retry after a guard': [() => one({ attempts: 2 }, { 'impl#1/run-agent': limited('max_turns') }), 'impl#2/run-agent'],
  'retry after a crash without a conversation': [
    () => one({ attempts: 2 }, { 'impl#1/run-agent': crash(), 'impl#1/checkpoint': files() }),
    'impl#2/run-agent',
  ],
  'own prompt for the retry in the same conversation': [
    () => one({ gates: ['test'], attempts: 2, entries: [{ attempt: 2, prompt: 'Look again:\n{error}' }] }, red),
    'impl#2/run-agent',
  ],
  'own prompt for the retry of another agent': [
    () =>
      play(
        plan(
          [
            split('build', [
              code('impl', { attempts: 2, entries: [{ attempt: 2, agent: 'opus', prompt: 'Your turn.' }] }),
            ]),
          ],
          { settings },
        ),
        { 'build#1/run-agent': turn({ json: task }), 'build/auth/impl#1/run-agent': crash() },
      ),
    'build/auth/impl#2/run-agent',
  ],
  'conversation of another step': [() => play(plan([code('red'), code('impl', { from: 'red' })])), 'impl#1/run-agent'],
  'split without the specification in its prompt': [() => play(plan([split('build', [])])), 'build#1/run-agent'],
  'split with the specification in its prompt': [
    () => play(plan([split('build', [], { prompt: 'Plan this:\n{spec}' })])),
    'build#1/run-agent',
  ],
  validate: [() => play(plan([validate('review', { prompt: 'Is it right?' })])), 'review#1/run-agent'],
  'validate again after it wrote files': [
    () => play(plan([validate('review', { attempts: 2 })]), { 'review#2/checkpoint': files() }),
    'review#2/run-agent',
  ],
  'validate again after it crashed with files written': [
    () =>
      play(plan([validate('review', { attempts: 2 })]), {
        'review#1/run-agent': crash(),
        'review#2/checkpoint': files(),
      }),
    'review#2/run-agent',
  ],
  'interrupted with its conversation known': [
    () => one({}, { 'impl#1/run-agent': interrupted('s') }),
    'impl#1/run-agent.1',
  ],
  'interrupted before its conversation was known': [
    () => one({}, { 'impl#1/run-agent': interrupted() }),
    'impl#1/run-agent.1',
  ],
  'interrupted retry that may not have been told what failed': [
    () => one({ gates: ['test'], attempts: 2 }, { ...red, 'impl#2/run-agent': interrupted() }),
    'impl#2/run-agent.1',
  ],
  'task with files': [
    () =>
      play(plan([split('build', [code('impl', { prompt: '{task.description}' })])], { settings }), {
        'build#1/run-agent': turn({ json: task }),
      }),
    'build/auth/impl#1/run-agent',
  ],
  'asked by a person to be done again': [
    () => one({ pause: 'before_gate' }, { 'impl#1/ask': answer('retry', 'Use tabs.') }),
    'impl#2/run-agent',
  ],
  'again because a gate of its group failed': [
    () =>
      play(plan([group('all', [code('impl')], { gates: ['test'], attempts: 2 })]), {
        'all#1/gate:test': fails('expected 1, got 2', 'npm test'),
      }),
    'all/impl@1#1/run-agent',
  ],
  'again in the next round of a loop': [
    () =>
      play(
        plan([
          group('fix', [code('impl')], {
            loop: { until: { is: '==', left: { ref: 'step', address: 'fix', field: 'attempt' }, right: 2 }, max: 2 },
          }),
        ]),
      ),
    'fix/impl@1#1/run-agent',
  ],
  'again in the next round of a loop, told how its gate ended': [
    () =>
      play(
        plan([
          group('fix', [code('impl', { prompt: 'Mend it: {step:fix.gate.test.error}' })], {
            gates: ['test'],
            loop: { until: { is: 'gate', gate: 'test' }, max: 2 },
          }),
        ]),
        { 'fix#1/gate:test': fails('expected 1, got 2', 'npm test') },
      ),
    'fix/impl@1#1/run-agent',
  ],
  'resumed after a failure': [
    () => {
      const run = one({ gates: ['test'] }, red);
      run.tell({ type: 'resume' });
      return finish(run);
    },
    'impl@2#1/run-agent',
  ],
  'resumed after it was stopped': [
    () => {
      const run = play(plan([code('impl')]), { 'impl#1/run-agent': crash() }, { abortAt: 'impl#1/run-agent' });
      run.tell({ type: 'resume' });
      return finish(run);
    },
    'impl@2#1/run-agent',
  ],
  'reviewer at a gate': [
    () =>
      play(
        plan([
          code('impl', {
            gates: [
              {
                name: 'review',
                kind: 'validate',
                call: call('review', [validate('look', { prompt: 'Is this right?\n\n{input:diff}' })], {
                  inputs: { diff: '{diff}' },
                }),
              },
            ],
          }),
        ]),
      ),
    'impl/gate/review/look#1/run-agent',
  ],
  'copy of a conversation': [
    () => play(plan([code('red'), { ...code('impl'), session: { mode: 'fork', address: 'red' } }])),
    'impl#1/run-agent',
  ],
  artifact: [() => play(plan([code('notes', { kind: 'artifact', access: 'read-only' })])), 'notes#1/run-agent'],
  'conventions and context': [
    () =>
      play(
        plan(
          [
            checks('before', 'test'),
            code('impl', {
              context: [
                { type: 'file', path: [['docs/', { ref: 'input', name: 'topic' }, '.md']] },
                { type: 'bash', command: 'git log -3' },
              ],
            }),
          ],
          { settings, inputs: { topic: 'style' } },
        ),
      ),
    'impl#1/run-agent',
  ],
};

function one(spec: Parameters<typeof code>[1], answers: Answers = {}): Played {
  return play(plan([code('impl', spec)]), answers);
}

describe('a prompt', () => {
  test.each(Object.entries(cases))('%s', async (name, [run, id]) => {
    const text = `${run().prompt(id)}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${name.replaceAll(' ', '-')}.md`);
  });
});

test('what failed and what changed carry how much of them is told', () => {
  const run = play(
    plan([code('impl', { gates: ['test'], attempts: 2, entries: [{ attempt: 2, agent: 'opus' }] })], {
      settings: { failureChars: { error: 20, diff: 30 } },
    }),
    red,
  );
  expect(run.prompts.get('impl#2/run-agent')?.filter((part) => typeof part !== 'string')).toEqual([
    { text: expect.stringContaining('expected 1, got 2'), limit: 20 },
    { text: '+++ src/a.ts\n', limit: 30 },
  ]);
});
