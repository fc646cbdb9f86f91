import { describe, expect, test } from 'vitest';
import { checkpointOf, code, fails, group, plan } from './given.ts';
import { play } from './play.ts';

type How = 'stop' | 'escalate' | 'ignore' | undefined;
const red = (text: string) =>
  Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`impl#${at}/gate:test`, fails(text.replace('N', `${at}`))]));
const attempts = (run: ReturnType<typeof play>) => run.ofType('attempt-started').map(({ attempt }) => attempt);
const of = (noProgress: How, spec: Parameters<typeof code>[1] = {}, answers = red('same')) => {
  const { noProgress: _, ...settings } = plan([]).settings;
  const planned = plan([code('impl', { gates: ['test'], attempts: 5, ...spec })]);
  return play({ ...planned, settings: noProgress ? { ...settings, noProgress } : settings }, answers);
};

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
