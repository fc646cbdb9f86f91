import { describe, expect, test } from 'vitest';
import { type CallStep, decide, outstanding, type PlannedGate, type PlannedStep } from '../src/index.ts';
import { broken, call, checkpointOf, checks, code, ended, fails, files, plan, turn, validate } from './given.ts';
import { type Answers, endsWell, finish, type Played, play, settleAll } from './play.ts';

const reading = [validate('look', { prompt: 'Look at {input:diff}' })];
const judge = (name: string, steps: readonly PlannedStep[] = reading): PlannedGate => ({
  name,
  kind: 'validate',
  call: call(name, steps, { inputs: { diff: '{diff}' } }) satisfies CallStep,
});
const impl = (gates: readonly (string | PlannedGate)[], over: Parameters<typeof code>[1] = {}) =>
  code('impl', { gates, ...over });
const verdict = (pass: boolean, comments: string) => turn({ json: { pass, comments } });

/** What nobody answers for: a reviewer leaves no file. */
const clean: Answers = Object.fromEntries(
  ['arch', 'security'].flatMap((name) =>
    ['', '@1', '@2', '@3', '@4'].map((again) => [`impl/gate/${name}/look${again}#1/checkpoint`, files()]),
  ),
);
/** A run whose attempt is recorded: what its gates are doing then. */
const judged = (
  gates: readonly (string | PlannedGate)[],
  over: Parameters<typeof code>[1] = {},
  settings: Parameters<typeof plan>[1] = {},
): Played => {
  const run = play(plan([impl(gates, over)], settings), {}, { until: 'impl#1/checkpoint' });
  finish(run, { 'impl#1/checkpoint': checkpointOf(['src/new.ts'], 'one') }, ['impl#1/checkpoint']);
  return run;
};
const busy = (run: Played) => outstanding(run.state).map(({ id }) => id);
const open = (name: string) => `impl#1/open-worktree:impl/gate/${name}`;
const close = (name: string) => `impl#1/close-worktree:impl/gate/${name}`;
const looks = (name: string) => `impl/gate/${name}/look#1/run-agent`;

describe('workflows that judge', () => {
  test('run beside each other and beside a command, each in a worktree of its own, with the files of the attempt', () => {
    const run = judged(['test', judge('arch'), judge('security')]);
    expect(busy(run)).toEqual(['impl#1/gate:test', open('arch'), open('security')]);
    expect(outstanding(run.state)).toMatchObject([{}, { base: 'one' }, { base: 'one' }]);
    settleAll(run, open('arch'), open('security'));
    expect(busy(run)).toEqual(['impl#1/gate:test', looks('arch'), looks('security')]);
    expect(run.prompt(looks('security'))).toContain('Look at +++ src/new.ts');
    finish(run, clean);
    expect(run.state.status).toBe('passed');
  });

  test('are done with when they have said it, and their worktrees with them: nothing else of the attempt waits for one', () => {
    const run = judged(['test', judge('arch'), judge('security')]);
    finish(run, clean, [open('arch'), looks('arch'), 'impl/gate/arch/look#1/checkpoint']);
    expect(busy(run)).toEqual(['impl#1/gate:test', open('security'), close('arch')]);
    expect(run.effects.at(-1)).toMatchObject({ type: 'close-worktree', lane: 'impl/gate/arch', base: 'one' });
    finish(run, clean);
    expect(Object.keys(run.state.lanes)).toEqual(['main']);
    expect(run.ids.filter((id) => id.includes('close-worktree'))).toEqual([close('arch'), close('security')]);
  });

  test('that fail are told in the order of the plan, whichever ended first', () => {
    const said: Answers = {
      ...clean,
      [looks('arch')]: verdict(false, 'A'),
      [looks('security')]: verdict(false, 'S'),
      'impl#1/gate:test': fails('T'),
    };
    const texts = [
      [looks('arch'), looks('security')],
      [looks('security'), looks('arch')],
    ].flatMap((order) =>
      [true, false].map((testFirst) => {
        const run = judged([judge('security'), 'test', judge('arch')]);
        settleAll(run, open('arch'), open('security'));
        if (testFirst) finish(run, said, ['impl#1/gate:test']);
        for (const id of order) finish(run, said, [id, id.replace('run-agent', 'checkpoint')]);
        finish(run, said);
        return run.attemptEnds.at(-1)?.failure;
      }),
    );
    for (const failure of texts)
      expect(failure).toMatchObject({
        gates: ['security', 'test', 'arch'],
        text: 'Gate security failed\nS\n---\nGate test failed (exit code 1)\nT\n---\nGate arch failed\nA',
      });
  });

  test('no more of them at once than lanes may be', () => {
    const run = judged([judge('arch'), judge('security')], {}, { settings: { maxParallel: 1 } });
    expect(busy(run)).toEqual([open('arch')]);
    finish(run, clean, [open('arch'), looks('arch'), 'impl/gate/arch/look#1/checkpoint']);
    expect(busy(run)).toEqual([close('arch'), open('security')]);
  });

  test('one that cannot have a worktree is a failed gate, and the others say their word', () => {
    const run = judged([judge('arch'), judge('security')]);
    finish(run, { ...clean, [open('arch')]: broken });
    expect(run.attemptEnds.at(-1)?.failure).toMatchObject({ reason: 'gate', gates: ['arch'] });
    expect(run.step('impl').gates.arch?.failure).toContain('disk-full');
    expect(run.step('impl').gates.security?.pass).toBe(true);
    expect(run.ids).not.toContain(close('arch'));
  });

  test('a worktree that cannot be taken away keeps nothing from going on', () => {
    const run = judged([judge('arch'), judge('security')]);
    finish(run, { ...clean, [close('arch')]: broken });
    expect(run.state.status).toBe('passed');
  });

  test('judge anew in the next attempt, in worktrees of other names', () => {
    const run = judged([judge('arch'), judge('security')], { attempts: 2 });
    finish(run, { ...clean, [looks('arch')]: verdict(false, 'no') });
    const lanes = run.effects.flatMap(({ type, lane }) => (type === 'open-worktree' ? [lane] : []));
    expect(lanes).toEqual(['main', 'impl/gate/arch', 'impl/gate/security', 'impl/gate/arch@1', 'impl/gate/security@2']);
    expect(run.state.status).toBe('passed');
  });
});

describe('the attempt waits for what runs beside a gate that', () => {
  test('was stopped: it is not made again', () => {
    const run = judged([judge('arch'), judge('security')], { attempts: 3 });
    settleAll(run, open('arch'), open('security'));
    finish(run, { ...clean, [looks('arch')]: ended({ kind: 'cancelled' }) }, [
      looks('arch'),
      'impl/gate/arch/look#1/checkpoint',
      close('arch'),
    ]);
    expect(busy(run)).toEqual([looks('security')]);
    expect(run.attemptEnds.filter(({ step }) => step === 'impl')).toEqual([]);
    finish(run, clean);
    expect(run.ids.join()).not.toContain('impl#2');
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { message: expect.stringContaining('was cancelled') },
    });
  });

  test('could not be run', () => {
    const run = judged(['test', judge('arch')]);
    settleAll(run, open('arch'));
    finish(run, { 'impl#1/gate:test': broken }, ['impl#1/gate:test']);
    expect(busy(run)).toEqual([looks('arch')]);
    expect(run.state.status).toBe('running');
    finish(run, clean);
    expect(run.state.failure?.message).toBe('disk-full: no space is left');
  });

  test('ended when the time of the run was over: nothing new begins', () => {
    const run = judged(['compile', 'test', judge('arch')], {}, { limits: { wallMs: 20_000 } });
    settleAll(run, open('arch'));
    run.at += 60_000;
    finish(run, clean, ['impl#1/gate:compile']);
    expect(busy(run)).toEqual([looks('arch')]);
    finish(run, clean);
    expect(run.ids).not.toContain('impl#1/gate:test');
    expect(run.state.failure?.message).toContain('max_timeout of the run is over');
  });
});

describe('in the worktree of the step, one after the other', () => {
  test('commands run, in the order of the plan', () => {
    const run = judged(['compile', 'test', judge('arch')]);
    expect(busy(run)).toEqual(['impl#1/gate:compile', open('arch')]);
    settleAll(run, 'impl#1/gate:compile');
    expect(busy(run)).toEqual([open('arch'), 'impl#1/gate:test']);
  });

  test.each([
    ['runs a command', [checks('look', 'test')]],
    ['may write', [validate('look', { access: 'edit' })]],
    ['holds a step that works', [code('look')]],
  ])('a workflow that %s runs where its step has worked', (_, steps) => {
    const run = judged(['test', judge('arch', steps), judge('security')]);
    expect(busy(run)).toEqual(['impl#1/gate:test', open('security')]);
    settleAll(run, 'impl#1/gate:test');
    expect(outstanding(run.state).find(({ step }) => step.startsWith('impl/gate/arch'))).toMatchObject({
      lane: 'main',
    });
  });

  test('a workflow runs that has nothing beside it which takes time', () => {
    const run = judged([{ name: 'untouched', kind: 'untouched', glob: '*.lock' }, judge('arch')]);
    settleAll(run, 'impl#1/gate:untouched');
    expect(outstanding(run.state)).toMatchObject([{ id: looks('arch'), lane: 'main' }]);
  });
});

test('a run that was stopped in the middle of them begins them anew', () => {
  const run = judged(['test', judge('arch'), judge('security')]);
  settleAll(run, open('arch'), open('security'));
  run.tell({ type: 'abort', reason: 'enough' });
  finish(run, { 'impl#1/gate:test': { kind: 'cancelled' } });
  expect(run.state.status).toBe('aborted');
  expect(run.ids.filter((id) => id.includes('close-worktree'))).toEqual([]);
  const stopped = run.ids.length;
  run.tell({ type: 'resume' });
  finish(run, clean);
  expect(run.state.status).toBe('passed');
  const again = run.effects.slice(stopped).flatMap(({ type, lane }) => (type === 'open-worktree' ? [lane] : []));
  expect(again).toEqual(['main', 'impl/gate/arch@3', 'impl/gate/security@4']);
  expect(Object.keys(run.state.lanes)).toEqual(['main']);
  expect(new Set(run.ids).size).toBe(run.ids.length);
});

test('what ended is settled once: told again it begins nothing', () => {
  const run = judged(['test', judge('arch'), judge('security')]);
  settleAll(run, open('arch'));
  const effect = run.effects.find(({ id }) => id === open('arch'));
  if (!effect) throw new Error('it was not opened');
  expect(decide(run.state, { type: 'settle', at: run.at, effect: effect.id, outcome: endsWell(effect) })).toEqual({
    ok: true,
    events: [],
  });
});
