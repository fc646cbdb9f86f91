import { describe, expect, test } from 'vitest';
import { answer, code, crash, interrupted, plan, validate } from './given.ts';
import { finish, play } from './play.ts';

/** A turn was interrupted, and a person decides how it goes on. */
const settings = { onInterrupt: 'ask' } as const;
const asked = { 'a#1/run-agent': interrupted('s') };
const ask = 'a#1/ask.interrupted1';

describe('on_interrupt: ask', () => {
  test('records what was left, then asks about it; no agent starts', () => {
    const run = play(plan([code('a')], { settings }), asked, { until: ask });
    expect(run.ids.slice(-3)).toEqual(['a#1/run-agent', 'a#1/checkpoint.interrupted1', ask]);
    expect(run.effects.at(-1)).toMatchObject({ type: 'ask', question: 'interrupted', tree: 'tree' });
    expect(run.warnings).toEqual(['a: interrupted']);
    expect(run.state.status).toBe('running');
  });

  test('continue: the turn goes on in its conversation, and what is said with it is told', () => {
    const run = play(plan([code('a')], { settings }), { ...asked, [ask]: answer('continue', 'Leave b.ts alone.') });
    expect(run.start('a#1/run-agent.1')).toBe('s');
    expect(run.prompt('a#1/run-agent.1')).toContain('Your last turn was interrupted');
    expect(run.prompt('a#1/run-agent.1')).toContain('Leave b.ts alone.');
    expect(run.state.status).toBe('passed');
  });

  test('retry: a new conversation is told its task, what happened, and what was said', () => {
    const run = play(plan([code('a')], { settings }), { ...asked, [ask]: answer('retry', 'Be quick.') });
    expect(run.start('a#1/run-agent.1')).toBe('new');
    for (const told of ['An earlier try at this was interrupted', 'Be quick.', 'Do a.'])
      expect(run.prompt('a#1/run-agent.1')).toContain(told);
    expect(run.step('a').attempt).toBe(1);
    expect(run.state.status).toBe('passed');
  });

  test('abort stops the run', () => {
    const run = play(plan([code('a')], { settings }), { ...asked, [ask]: answer('abort', 'Enough.') });
    expect(run.state.status).toBe('aborted');
    expect(run.ofType('abort-requested')).toMatchObject([{ reason: 'Enough.' }]);
    expect(run.ids.filter((id) => id.includes('run-agent'))).toEqual(['a#1/run-agent']);
  });

  test('asks at each interruption, however many there are', () => {
    const times = Array.from({ length: 6 }, (_, at) => at + 1);
    const again = Object.fromEntries(times.map((at) => [`a#1/run-agent.${at}`, interrupted()]));
    const run = play(plan([code('a')], { settings }), { ...asked, ...again });
    expect(run.ofType('effect-requested').filter(({ effect }) => effect.type === 'ask')).toHaveLength(7);
    expect(run.start('a#1/run-agent.7')).toBe('s');
    expect(run.state.status).toBe('passed');
  });

  test('a retry is for one interruption: the next one is asked about again and may go on in the new conversation', () => {
    const run = play(plan([code('a')], { settings }), {
      ...asked,
      [ask]: answer('retry'),
      'a#1/run-agent.1': interrupted('t'),
    });
    expect(run.start('a#1/run-agent.1')).toBe('new');
    expect(run.start('a#1/run-agent.2')).toBe('t');
  });

  test('is no answer to what the step itself asks about', () => {
    const run = play(plan([code('a', { pause: 'before_gate' })], { settings }), asked, { until: 'a#1/ask' });
    expect(run.ids.filter((id) => id.includes('/ask'))).toEqual([ask, 'a#1/ask']);
    expect(run.step('a').answer).toBeUndefined();
  });

  test('does not answer for a pause that somebody asked for', () => {
    const run = play(plan([code('a')], { settings }), asked, { until: ask });
    run.tell({ type: 'pause', wanted: true });
    finish(run);
    expect(run.effects.filter(({ type }) => type === 'ask')).toMatchObject([
      { question: 'interrupted' },
      { question: 'after_gate' },
    ]);
  });

  test('the next attempt asks for itself', () => {
    const run = play(plan([validate('a', { attempts: 2 })], { settings }), {
      ...asked,
      [ask]: answer('continue', 'Look again.'),
      'a#1/run-agent.1': crash(),
      'a#2/run-agent': interrupted('t'),
    });
    expect(run.ids).toContain('a#2/ask.interrupted1');
    expect(run.prompt('a#2/run-agent')).not.toContain('Look again.');
  });

  test('a question that is stopped fails the step', () => {
    const run = play(plan([code('a')], { settings }), { ...asked, [ask]: { kind: 'cancelled', reason: 'by ada' } });
    expect(run.state.status).toBe('failed');
    expect(run.state.failure?.message).toContain('by ada');
  });
});
