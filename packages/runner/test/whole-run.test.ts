import type { RunEvent } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { startRun } from '../src/index.ts';
import type { Notice } from '../src/notice.ts';
import { sampleWorld } from './sample-run.ts';

const labels = (events: readonly RunEvent[]) =>
  events.flatMap((event) => {
    if (event.type === 'effect-requested') return [`? ${event.effect.id}`];
    if (event.type === 'effect-settled') return [`! ${event.effect} ${event.outcome.kind}`];
    return 'step' in event ? [`${event.type} ${event.step}`] : [event.type];
  });

describe('a whole run', () => {
  test('goes from its plan to its branch', async () => {
    const { world, plan } = sampleWorld();
    const notices: Notice[] = [];
    const state = await startRun('r1', plan, world.ports(), { observe: (notice) => notices.push(notice) });
    expect(state.status).toBe('passed');
    expect(state.spent).toMatchObject({ unpriced: 0, tokens: 7 * 15 });

    expect(world.lane.history().map(({ subject, files }) => [subject, files])).toEqual([
      ['impl: auth', { 'README.md': 'sample', 'auth.ts': 'good auth' }],
      ['impl: mail', { 'README.md': 'sample', 'auth.ts': 'good auth', 'mail.ts': 'good mail' }],
    ]);
    expect(world.lane.history()[1]?.trailers).toEqual({
      'Pawl-Run': 'r1',
      'Pawl-Step': 'decompose/mail/impl',
      'Pawl-Agent': 'big',
      'Pawl-Cost': '$0.0300',
    });
    expect(
      world.asked.map(({ agent, step, attempt, open }) => `${agent} ${step} ${attempt} ${open.start.kind}`),
    ).toEqual([
      'big decompose 1 new',
      'small decompose/auth/impl 1 new',
      'small decompose/auth/impl 2 resume',
      'small decompose/mail/impl 1 new',
      'small decompose/mail/impl 2 resume',
      'big decompose/mail/impl 3 new',
      'small review 1 new',
    ]);
    expect(world.ran).toEqual(['install', ...Array(6).fill('check')]);
    expect(world.openSinks.size).toBe(0);

    // Watchers are told every stored event once, in order, after it is stored.
    const told = notices.flatMap((notice) => (notice.type === 'event' ? [notice] : []));
    expect(told.map(({ sequence }) => sequence)).toEqual(world.log().map((_, index) => index + 1));
    expect(told.map(({ event }) => event)).toEqual(
      world.log().map((event) => expect.objectContaining({ type: event.type })),
    );
    const agent = notices.flatMap((notice) => (notice.type === 'agent' ? [notice] : []));
    expect(agent.filter(({ event }) => event.type === 'turn-end')).toHaveLength(7);
    expect(agent.at(-1)).toMatchObject({ step: 'review', attempt: 1 });
  });

  test('stores every intention before it is acted on, and every end in one append', async () => {
    const { world, plan } = sampleWorld();
    await startRun('r1', plan, world.ports());
    expect(labels(world.log()).slice(0, 13)).toEqual([
      'run-started',
      '? #1/open-worktree',
      '! #1/open-worktree worktree-opened',
      'frame-started ',
      'step-started decompose',
      'attempt-started decompose',
      expect.stringMatching(/^\? decompose#1\//),
      expect.stringMatching(/^! decompose#1\/.* checkpoint-made/),
      '? decompose#1/run-agent',
      '! decompose#1/run-agent agent-ended',
      '? decompose#1/checkpoint',
      '! decompose#1/checkpoint checkpoint-made',
      'output-accepted decompose',
    ]);
    // One start, then one append for each settled effect, and it opens it.
    const [start, ...others] = world.appends;
    expect(start?.events[0]?.type).toBe('run-started');
    const settled = world.log().filter((event) => event.type === 'effect-settled');
    expect(
      others.map(({ events }) => events.map(({ type }) => type).filter((type) => type === 'effect-settled')),
    ).toEqual(settled.map(() => ['effect-settled']));
    expect(others.every(({ events }) => events[0]?.type === 'effect-settled')).toBe(true);
    const times = world.log().map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('keeps of every turn what was sent and what came, and records its session once', async () => {
    const { world, plan } = sampleWorld();
    await startRun('r1', plan, world.ports());
    const reports = world
      .log()
      .flatMap((event) =>
        event.type === 'effect-settled' && event.outcome.kind === 'agent-ended' ? [event.outcome.report] : [],
      );
    for (const [index, { folder }] of reports.entries()) {
      const kept = (name: string) => world.runFiles.get(`r1/${folder}/${name}`) ?? '';
      expect(kept('prompt.md')).toBe(world.asked[index]?.input.prompt);
      expect(JSON.parse(kept('session.json'))).toEqual(world.asked[index]?.session);
      const lines = kept('events.ndjson').trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).type)).toEqual(['turn-start', 'session-ready', 'turn-end']);
    }
    expect(world.recorded.map(({ key }) => key)).toEqual([...new Set(world.recorded.map(({ key }) => key))]);
    expect(world.recorded).toHaveLength(7);
    expect(world.recorded[2]).toMatchObject({
      ref: world.asked[1]?.session,
      key: 'r1/decompose/auth/impl#2/run-agent',
      agent: 'small',
      repository: '/repository',
      run: 'r1',
      step: 'decompose/auth/impl',
      messageId: 'auth-2',
      usage: { costUsd: 0.01 },
    });
  });

  test('tells the next attempt what failed', async () => {
    const { world, plan } = sampleWorld();
    await startRun('r1', plan, world.ports());
    expect(world.asked[2]?.input.prompt).toContain('auth.ts is bad');
    expect(world.asked[5]?.input.prompt).toContain('mail.ts is bad');
  });

  test('is refused for an id that is known', async () => {
    const { world, plan } = sampleWorld();
    await startRun('r1', plan, world.ports());
    await expect(startRun('r1', plan, world.ports())).rejects.toMatchObject({ code: 'already-started' });
    expect(world.asked).toHaveLength(7);
  });
});
