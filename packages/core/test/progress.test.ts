import { describe, expect, test } from 'vitest';
import type { PlannedStep } from '../src/index.ts';
import { checkpointOf, code, fails, group, plan, turn, validate } from './given.ts';
import { play } from './play.ts';

type How = 'stop' | 'escalate' | 'ignore' | undefined;
const red = (text: string) =>
  Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`impl#${at}/gate:test`, fails(text.replace('N', `${at}`))]));
const attempts = (run: ReturnType<typeof play>) => run.ofType('attempt-started').map(({ attempt }) => attempt);
const played = (noProgress: How, step: PlannedStep, answers: Parameters<typeof play>[1]) => {
  const planned = plan([step]);
  const { noProgress: _, ...settings } = planned.settings;
  return play({ ...planned, settings: noProgress ? { ...settings, noProgress } : settings }, answers);
};
const of = (noProgress: How, spec: Parameters<typeof code>[1] = {}, answers = red('same')) =>
  played(noProgress, code('impl', { gates: ['test'], attempts: 5, ...spec }), answers);

describe('the same failure with the same files twice in a row', () => {
  test.each<How>(['stop', 'escalate', undefined])('ends the step (%s)', (how) => {
    const run = of(how);
    expect(attempts(run)).toEqual([1, 2]);
    expect(run.warnings).toEqual(['impl: no-progress']);
    expect(run.state.failure).toEqual({ step: 'impl', message: 'gate failed: test' });
  });

  test('goes on where it is told to ignore it', () => {
    expect(attempts(of('ignore'))).toEqual([1, 2, 3, 4, 5]);
  });

  test('escalates to the next entry with another agent, leaving attempts out', () => {
    const run = of('escalate', { entries: [{ attempt: 4, agent: 'opus' }] });
    expect(attempts(run).slice(0, 3)).toEqual([1, 2, 4]);
    expect(run.agent('impl#4/run-agent').agent).toBe('opus');
    expect(run.ofType('warned')[0]?.message).toContain('it goes on with attempt 4');
  });

  test('is not counted twice: another agent gets its two attempts', () => {
    expect(attempts(of('escalate', { entries: [{ attempt: 3, agent: 'opus' }] }))).toEqual([1, 2, 3, 4]);
  });

  test('tries a change that comes next anyway', () => {
    expect(attempts(of('stop', { entries: [{ attempt: 3, worktree: 'reset' }] }))).toEqual([1, 2, 3]);
  });

  test('does not escalate beyond the attempts there are', () => {
    expect(attempts(of('escalate', { attempts: 3, entries: [{ attempt: 4, agent: 'opus' }] }))).toEqual([1, 2]);
  });
});

describe('what differs is progress', () => {
  test('other files', () => {
    const trees = Object.fromEntries(
      [1, 2, 3, 4, 5].map((at) => [`impl#${at}/checkpoint`, checkpointOf(['a.ts'], 'c', `tree ${at}`)]),
    );
    expect(attempts(of('stop', {}, { ...red('same'), ...trees }))).toEqual([1, 2, 3, 4, 5]);
  });

  test('another failure', () => {
    expect(
      attempts(
        of('stop', {}, { ...red('same'), 'impl#2/gate:test': fails('other'), 'impl#4/gate:test': fails('more') }),
      ),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  test.each(['took N ms', 'at 0x7fabN', '1 of N.5 failed'])('but not numbers in its text: %s', (text) => {
    expect(attempts(of('stop', {}, red(text)))).toEqual([1, 2]);
  });
});

test('a group whose gate fails the same way on the same files is not run for ever', () => {
  const steps = [group('impl', [code('a')], { gates: ['test'], attempts: 5 })];
  const run = play(plan(steps, { settings: { noProgress: 'stop' } }), red('same'));
  expect(run.attemptEnds.filter(({ step }) => step === 'impl')).toHaveLength(2);
});

describe('a verdict of no is an answer', () => {
  const no = Object.fromEntries(
    [1, 2, 3].map((at) => [`look#${at}/run-agent`, turn({ json: { pass: false, comments: `no, ${'!'.repeat(at)}` } })]),
  );
  const asked = (noProgress: How, spec: Parameters<typeof validate>[1] = {}, answers = no) => {
    const clean = Object.fromEntries([1, 2, 3].map((at) => [`look#${at}/checkpoint`, checkpointOf([], 'c', 'tree')]));
    return played(noProgress, validate('look', { attempts: 3, ...spec }), { ...clean, ...answers });
  };

  test.each<How>(['stop', 'escalate', undefined])('the same agent is not asked until it says yes (%s)', (how) => {
    const run = asked(how);
    expect(attempts(run)).toEqual([1]);
    expect(run.warnings).toEqual([]);
    expect(run.state.failure?.message).toBe('the verdict is no: no, !');
  });

  test('unless it is told to', () => {
    expect(attempts(asked('ignore'))).toEqual([1, 2, 3]);
  });

  test('another agent, or another question, is', () => {
    expect(attempts(asked('stop', { entries: [{ attempt: 2, agent: 'opus' }] }))).toEqual([1, 2]);
    expect(attempts(asked('stop', { entries: [{ attempt: 2, prompt: 'Look once more.' }] }))).toEqual([1, 2]);
    const later = asked('escalate', { entries: [{ attempt: 3, agent: 'opus' }] });
    expect(attempts(later)).toEqual([1, 3]);
    expect(later.ofType('warned')[0]?.message).toBe(
      'the same agent is not asked for another verdict: it goes on with attempt 3',
    );
  });

  test('and what is no verdict is asked for again', () => {
    const run = asked('stop', {}, { ...no, 'look#1/run-agent': turn({ text: 'Looks fine to me.' }) });
    expect(attempts(run)).toEqual([1, 2]);
  });
});
