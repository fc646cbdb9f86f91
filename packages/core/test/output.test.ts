import { describe, expect, test } from 'vitest';
import { type OutputCandidate, outputSchemas } from '../src/index.ts';
import { code, ended, files, plan, split, turn, validate } from './given.ts';
import { play } from './play.ts';

const answer = (...outputs: readonly OutputCandidate[]) => ended({ kind: 'completed', text: '', outputs });
const planned = (json: OutputCandidate extends infer C ? (C extends { json: infer J } ? J : never) : never) =>
  play(plan([split('build', [])]), { 'build#1/run-agent': turn({ json }) });

describe('a task list', () => {
  test('is a list, or one under `tasks`; names and descriptions are trimmed', () => {
    const list = [
      { name: ' auth ', description: ' Do it. ', files: [' src/** '] },
      { name: 'b', description: 'x', files: null },
    ];
    for (const json of [list, { tasks: list }])
      expect(planned(json).ofType('tasks-planned')[0]?.tasks).toEqual([
        { name: 'auth', description: 'Do it.', files: ['src/**'] },
        { name: 'b', description: 'x', files: [] },
      ]);
  });

  test.each([
    ['no list', { plan: [] }, 'a list of tasks is expected'],
    ['no list: text', 'tasks', 'a list of tasks is expected'],
    ['no object', [1], 'task 1 is not an object'],
    ['no name', [{ description: 'x' }], 'task 1 has no name'],
    ['an empty name', [{ name: ' ', description: 'x' }], 'task 1: the name " " is empty'],
    ['a path out of its folder', [{ name: '../x', description: 'x' }], 'holds a slash'],
    ['a backslash', [{ name: 'a\\b', description: 'x' }], 'holds a slash'],
    ['a hidden name', [{ name: '..', description: 'x' }], 'starts with a dot or a dash'],
    ['an option', [{ name: '--force', description: 'x' }], 'starts with a dot or a dash'],
    ['a control character', [{ name: 'a\nb', description: 'x' }], 'holds a control character'],
    ['a name of attempts', [{ name: 'a#2', description: 'x' }], 'holds # : @ or |'],
    ['a word of paths', [{ name: 'gate', description: 'x' }], 'is a word that paths use'],
    ['a long name', [{ name: 'x'.repeat(101), description: 'x' }], 'is longer than 100'],
    ['an empty description', [{ name: 'a', description: ' ' }], 'task 1 (a) has no description'],
    ['files that are none', [{ name: 'a', description: 'x', files: 'src' }], 'task 1 (a): files must be a list'],
    [
      'one name twice',
      [
        { name: 'a', description: 'x' },
        { name: 'A', description: 'y' },
      ],
      'two tasks are named "A"',
    ],
    [
      'one name in two spellings',
      [
        { name: 'é', description: 'x' },
        { name: 'e\u0301', description: 'y' },
      ],
      'two tasks are named',
    ],
  ])('with %s is sent back', (_, json, problem) => {
    const run = planned(json);
    expect(run.attemptEnds[0]?.failure).toMatchObject({ reason: 'output', final: false });
    expect(run.attemptEnds[0]?.failure?.text).toContain(problem);
    expect(run.state.status).toBe('failed');
  });

  test('a task may be named like a property of every object', () => {
    const json = ['constructor', '__proto__', 'toString'].map((name) => ({ name, description: 'x' }));
    const run = play(plan([split('build', [code('impl')])]), { 'build#1/run-agent': turn({ json }) });
    expect(run.state.status).toBe('passed');
    expect(run.ids).toContain('build/__proto__/impl#1/advance');
  });

  test('is told to the planner again with what was wrong', () => {
    const run = play(plan([split('build', [], { attempts: 2 })]), { 'build#1/run-agent': turn({ json: { plan: 1 } }) });
    expect(run.prompt('build#2/run-agent')).toContain(
      'Your task list could not be used. last JSON block: a list of tasks is expected',
    );
    expect(run.state.status).toBe('passed');
  });

  test('may be asked of a code step by a schema gate', () => {
    const run = play(plan([code('impl', { gates: ['schema'] })]), { 'impl#1/run-agent': turn({ text: 'none' }) });
    expect(run.agent('impl#1/run-agent').expect).toBe('tasks');
    expect(run.attemptEnds[0]?.failure).toMatchObject({ reason: 'output', gates: ['schema'] });
  });
});

describe('the candidates of an answer', () => {
  const good = { tasks: [{ name: 'a', description: 'x' }] };
  test('the first that satisfies the schema is taken', () => {
    const run = play(plan([split('build', [])]), {
      'build#1/run-agent': answer(
        { source: 'schema', json: 1 },
        { source: 'message', error: 'Unexpected end' },
        { source: 'file', json: good },
      ),
    });
    expect(run.ofType('output-accepted')[0]?.output).toBe('[{"name":"a","description":"x","files":[]}]');
  });

  test('else the problem of the best one is told', () => {
    const run = play(plan([split('build', [])]), {
      'build#1/run-agent': answer({ source: 'message', error: 'Unexpected end' }, { source: 'file', json: 1 }),
    });
    expect(run.attemptEnds[0]?.failure?.message).toBe('the task list is not usable: last JSON block: Unexpected end');
  });

  test('none at all says what is missing', () => {
    const run = play(plan([split('build', [])]), { 'build#1/run-agent': turn({ text: 'I am done' }) });
    expect(run.attemptEnds[0]?.failure?.text).toContain('no JSON was found');
  });
});

describe('a verdict', () => {
  const review = plan([validate('review', { gates: ['test'], attempts: 2 })]);
  const clean = { 'review#1/checkpoint': files(), 'review#2/checkpoint': files() };

  test('of no fails the step with its comments, before its gates', () => {
    const run = play(review, {
      ...clean,
      'review#1/run-agent': turn({ json: { pass: false, comments: 'Too long.\nAnd slow.' } }),
    });
    expect(run.attemptEnds[0]?.failure).toEqual({
      reason: 'verdict',
      message: 'the verdict is no: Too long.',
      text: 'Too long.\nAnd slow.',
      final: false,
    });
    expect(run.ids).not.toContain('review#1/gate:test');
    expect(run.step('review').previous).toMatchObject({ output: 'false', comments: 'Too long.\nAnd slow.' });
  });

  test('may say `comment`, as agents do', () => {
    const run = play(review, { ...clean, 'review#1/run-agent': turn({ json: { pass: false, comment: 'Too long.' } }) });
    expect(run.attemptEnds[0]?.failure).toMatchObject({ reason: 'verdict', text: 'Too long.' });
  });

  test('of yes passes; comments may be missing', () => {
    const run = play(review, { ...clean, 'review#1/run-agent': turn({ json: { pass: true } }) });
    expect(run.step('review')).toMatchObject({ output: 'true', comments: '', phase: 'passed' });
  });

  test.each([
    [{ pass: 'yes' }, 'pass must be true or false'],
    [{ pass: false }, 'comments are needed when pass is false'],
    [{ pass: true, comments: 1 }, 'comments must be text'],
    [[true], 'a verdict is expected'],
  ])('%j is sent back', (json, problem) => {
    const run = play(review, { ...clean, 'review#1/run-agent': turn({ json }) });
    expect(run.attemptEnds[0]?.failure?.text).toContain(problem);
    expect(run.state.status).toBe('passed');
  });
});

test('the schemas have an object at their root', () => {
  expect(Object.values(outputSchemas).map((schema) => schema.type)).toEqual(['object', 'object']);
});
