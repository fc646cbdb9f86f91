import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decide,
  evolve,
  type Input,
  initial,
  outstanding,
  type Plan,
  plannedAt,
  promptParts,
  type RunEvent,
  type RunState,
  replayOf,
} from '../src/index.ts';
import { nonsense, outcomeOf, plans } from './arbitrary.ts';
import { endsWell } from './play.ts';

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
/** Fast, and false for the difference between an absent field and an undefined one. */
const same = (a: unknown, b: unknown): void => deepStrictEqual(json(a), json(b));
const freeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
};

interface Script {
  readonly seed: number;
  /** Number of the settle before which the run is told to stop; beyond its end: never. */
  readonly abortAt: number;
  /** At which somebody asks for a pause. */
  readonly pauseAt: number;
  readonly noise: number;
}
const scripts: fc.Arbitrary<Script> = fc.record({
  seed: fc.nat(),
  abortAt: fc.oneof({ weight: 3, arbitrary: fc.constant(Number.MAX_SAFE_INTEGER) }, fc.nat(30)),
  pauseAt: fc.nat(60),
  noise: fc.integer({ min: 1, max: 6 }),
});

/** Numbers without end from one: shrinking the plan leaves the others as they are. */
function diceOf(seed: number): () => number {
  let last = seed | 0;
  return () => {
    last = (Math.imul(last ^ (last >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return (last ^ (last >>> 13)) >>> 0;
  };
}

interface History {
  readonly events: readonly RunEvent[];
  readonly state: RunState;
  readonly settles: number;
}
type Step = (before: RunState, input: Input, events: readonly RunEvent[], after: RunState) => void;

/** A run to its end, with noise between; every law is looked at in `step`. */
function run(plan: Plan, { seed, abortAt, pauseAt, noise }: Script, step: Step): History {
  const dice = diceOf(seed);
  const events: RunEvent[] = [];
  let state = freeze(initial);
  let at = 1_000_000;
  const tell = (input: Input): readonly RunEvent[] => {
    const before = state;
    const decision = decide(before, freeze(input));
    const decided = decision.ok ? decision.events : [];
    for (const event of decided) state = freeze(evolve(state, freeze(event)));
    events.push(...decided);
    step(before, input, decided, state);
    return decided;
  };
  tell({ at, type: 'start', run: 'r', plan });
  for (let settles = 0; ; settles++) {
    const open = outstanding(state);
    const effect = open[dice() % Math.max(1, open.length)];
    if (!effect) return { events, state, settles };
    if (settles > 20_000) throw new Error('does not end');
    if (settles === abortAt) tell({ at, type: 'abort', reason: 'law' });
    if (settles === pauseAt) tell({ at, type: 'pause', wanted: true });
    for (let count = dice() % noise; count > 0; count--) {
      const id = [effect.id, '__proto__', 'nobody#1/run-agent'][dice() % 3] ?? '';
      const outcome = nonsense[dice() % nonsense.length] as never;
      expect(tell({ at, type: 'settle', effect: id, outcome })).toEqual([]);
    }
    at += dice() % 2000;
    const outcome = outcomeOf(effect, dice);
    tell({ at, type: 'settle', effect: effect.id, outcome });
    // Told again it decides nothing, whatever it says.
    expect(tell({ at, type: 'settle', effect: effect.id, outcome })).toEqual([]);
    expect(tell({ at, type: 'settle', effect: effect.id, outcome: { kind: 'cancelled' } })).toEqual([]);
  }
}

function law(name: string, check: (plan: Plan, script: Script) => void, numRuns = 250): void {
  test(name, () => fc.assert(fc.property(plans, scripts, check), { numRuns }));
}
const live = (state: RunState): boolean => state.status === 'running' || state.status === 'stopping';
const requests = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'effect-requested' ? [event.effect] : []));

describe('for every plan and whatever comes back', () => {
  law(
    'deciding is pure: the same answer twice, also over a state out of JSON, and nothing is changed',
    (plan, script) => {
      // Everything that goes in is frozen: a change would throw.
      run(plan, script, (before, input) => same(decide(before, input), decide(json(before), json(input))));
    },
    90,
  );

  law(
    'the fold of the log is the state, also when log and state went through JSON',
    (plan, script) => {
      let rehydrated = initial;
      const { events, state } = run(plan, script, (_, __, decided, after) => {
        rehydrated = json(decided.reduce(evolve, rehydrated));
        same(rehydrated, after);
      });
      same(events.reduce(evolve, initial), state);
      same(json(events).reduce(evolve, initial), state);
    },
    90,
  );

  law('never stuck: something is outstanding or the run has ended; at the end nothing is open', (plan, script) => {
    const { state } = run(plan, script, (_, __, ___, after) => {
      expect(live(after)).toBe(outstanding(after).length > 0);
    });
    expect(['passed', 'failed', 'aborted']).toContain(state.status);
  });

  law('in one worktree it does one thing at a time, and never the same thing twice', (plan, script) => {
    const { events } = run(plan, script, (_, __, ___, after) => {
      const busy = outstanding(after).map(({ lane }) => lane);
      expect(new Set(busy).size).toBe(busy.length);
    });
    const ids = requests(events).map((effect) => effect.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  law('lanes, and turns of one provider, run side by side no more than allowed', (plan, script) => {
    run(plan, script, (_, __, ___, after) => {
      const turns = outstanding(after).filter((effect) => effect.type === 'run-agent').length;
      expect(turns).toBeLessThanOrEqual(plan.settings.providerLimits?.script ?? Number.POSITIVE_INFINITY);
      for (const step of Object.values(after.steps)) {
        const planned = plannedAt(plan, step.address);
        const aside = planned && 'parallel' in planned ? planned.parallel : undefined;
        const most = aside ? (aside.max ?? plan.settings.maxParallel ?? Number.POSITIVE_INFINITY) : 1;
        const lanes = Object.values(after.frames).filter(
          ({ owner, purpose, status, id }) =>
            id !== '' && owner === step.path && purpose === 'body' && status === 'running',
        );
        expect(lanes.length).toBeLessThanOrEqual(most);
      }
    });
  });

  law('lanes are merged one at a time, in the order of the plan, each once', (plan, script) => {
    const { events } = run(plan, script, (_, __, ___, after) => {
      const merging = outstanding(after).filter((effect) => effect.type === 'merge');
      expect(new Set(merging.map(({ step }) => step)).size).toBe(merging.length);
    });
    const frames = new Map<string, number>();
    const order = new Map<string, number>();
    for (const event of events) {
      if (event.type === 'frame-started') frames.set(`${event.step} ${event.lane}`, event.index);
      if (event.type === 'attempt-started') order.delete(event.step);
      if (event.type !== 'effect-requested' || event.effect.type !== 'merge') continue;
      const index = frames.get(`${event.effect.step} ${event.effect.from}`) ?? Number.NaN;
      expect(index).toBeGreaterThanOrEqual(order.get(event.effect.step) ?? 0);
      order.set(event.effect.step, index);
    }
  });

  law('no work of a passed lane is missing: a step that passed has merged every lane it opened', (plan, script) => {
    const { events } = run(plan, script, () => {});
    const waiting = new Map<string, Set<string>>();
    const merges = new Map<string, string>();
    const own = new Map<string, string>();
    for (const event of events) {
      if (event.type === 'step-started') own.set(event.step, event.lane);
      if (event.type === 'frame-started' && event.purpose === 'body' && own.get(event.step) !== event.lane)
        if (event.frame !== '') waiting.set(event.step, (waiting.get(event.step) ?? new Set()).add(event.lane));
      if (event.type === 'effect-requested' && event.effect.type === 'merge')
        merges.set(event.effect.id, event.effect.from);
      if (event.type === 'effect-settled' && event.outcome.kind === 'merged')
        for (const lanes of waiting.values()) lanes.delete(merges.get(event.effect) ?? '');
      if (event.type === 'step-ended' && event.end === 'passed')
        expect([...(waiting.get(event.step) ?? [])]).toEqual([]);
    }
  });

  law('nothing is done in a worktree before it was opened, and no two lanes have one name', (plan, script) => {
    const { events } = run(plan, script, () => {});
    const opened = new Set<string>();
    const lanes = new Map<string, string>();
    const asked = new Map<string, string>();
    for (const event of events) {
      if (event.type === 'effect-settled' && event.outcome.kind === 'worktree-opened')
        opened.add(asked.get(event.effect) ?? '');
      if (event.type === 'effect-settled' && event.outcome.kind === 'merged')
        lanes.set(asked.get(event.effect) ?? '', 'gone');
      if (event.type !== 'effect-requested') continue;
      const { effect } = event;
      asked.set(effect.id, effect.type === 'merge' ? effect.from : effect.lane);
      if (effect.type !== 'open-worktree') expect(opened).toContain(effect.lane);
      // One that goes on has its worktree looked at again; one that was merged is done with.
      else if (effect.lane !== 'main') expect(lanes.get(effect.lane)).not.toBe('gone');
    }
  });

  law('what a reviewer is blamed for is measured from what its step left, not from the branch', (plan, script) => {
    const { events } = run(plan, script, () => {});
    const effects = new Map(requests(events).map((effect) => [effect.id, effect]));
    const files = new Map<string, string>();
    const found = new Map<string, string | undefined>();
    for (const event of events) {
      if (event.type === 'effect-requested') {
        const { effect } = event;
        if (!/\/(gate|retry)\//.test(effect.step) || effect.attempt > 1) continue;
        // The first turn of the attempt: others go on from what it left.
        if (effect.id.endsWith('/run-agent')) found.set(effect.step, files.get(effect.lane));
        if (effect.type === 'checkpoint' && !effect.baseline && found.has(effect.step))
          expect(effect.since).toBe(found.get(effect.step));
      }
      const effect = event.type === 'effect-settled' ? effects.get(event.effect) : undefined;
      if (event.type !== 'effect-settled' || !effect) continue;
      const { outcome } = event;
      if (outcome.kind === 'worktree-opened' && effect.type === 'open-worktree') files.set(effect.lane, effect.base);
      if (outcome.kind === 'checkpoint-made') files.set(effect.lane, outcome.checkpoint.commit);
      if (outcome.kind === 'worktree-reset' && effect.type === 'reset') files.set(effect.lane, effect.to);
      if (outcome.kind === 'branch-advanced' && outcome.commit) files.set(effect.lane, outcome.commit);
      if (outcome.kind === 'merged') files.set(effect.lane, outcome.commit);
    }
  });

  law(
    'a replay from any step of any log passes when all goes well, in worktrees that were opened',
    (plan, script) => {
      const { events, state } = run(plan, script, () => {});
      const begun = [...new Set(events.flatMap((event) => (event.type === 'step-started' ? [event.step] : [])))];
      const path = begun[script.seed % Math.max(1, begun.length)];
      const replay = path === undefined ? undefined : replayOf(events, path);
      if (path === undefined || !replay?.ok) return;
      const from = json(replay.from);
      expect(Object.keys(from.steps).some((kept) => kept === path)).toBe(false);
      expect(JSON.stringify(from.steps)).not.toContain('"session":{"ref"');
      const started = decide(initial, { type: 'start', at: 0, run: 'again', plan: state.plan, from });
      if (!started.ok) throw new Error(started.message);
      const { state: end, events: log } = finish(started.events.reduce(evolve, initial), started.events);
      const good = end.status === 'passed' || end.failure !== undefined;
      expect(good).toBe(true);
      same(json(log).reduce(evolve, initial), end);
      // Something beside it may fail for good before it comes to it.
      if (end.status === 'passed')
        expect(log.some((event) => event.type === 'step-started' && event.step === path)).toBe(true);
      for (const kept of Object.values(from.frames))
        if (kept.id !== '') expect(Object.hasOwn(from.steps, kept.owner)).toBe(true);
      const ids = requests(log).map((effect) => effect.id);
      expect(new Set(ids).size).toBe(ids.length);
      const opened = new Set(requests(log).flatMap((effect) => (effect.type === 'open-worktree' ? [effect.lane] : [])));
      for (const effect of requests(log)) expect(opened).toContain(effect.lane);
    },
    200,
  );

  law('it ends: effects are bounded by attempts', (plan, script) => {
    const { events } = run(plan, script, () => {});
    const begun = events.filter((event) => event.type === 'attempt-started').length;
    const frames = events.filter((event) => event.type === 'frame-started').length;
    // A turn with its interruptions (with a record and a question each), a baseline, two checkpoints, two resets, five
    // gates, a question or two and a commit; for each lane a worktree, and a merge or its end.
    expect(requests(events).length).toBeLessThanOrEqual(1 + begun * 24 + frames * 2);
  });

  law('an attempt ends when all that judges it has ended, and no worktree of that is left', (plan, script) => {
    const { events } = run(plan, script, (_, __, decided, after) => {
      for (const event of decided) {
        if (event.type !== 'attempt-ended') continue;
        const inside = `${event.step}/gate/`;
        const begunAgain = decided.some((one) => one.type === 'step-started' && one.step.startsWith(inside));
        const busy = outstanding(after).filter(({ step }) => step.startsWith(inside));
        if (!begunAgain) expect(busy).toEqual([]);
      }
    });
    const opened = new Set<string>();
    const asked = new Map<string, string>();
    for (const event of events) {
      if (event.type === 'effect-requested') asked.set(event.effect.id, event.effect.lane);
      if (event.type === 'effect-requested' && event.effect.type === 'close-worktree')
        expect(opened.delete(event.effect.lane)).toBe(true);
      const lane = event.type === 'effect-settled' ? (asked.get(event.effect) ?? '') : '';
      if (
        event.type === 'effect-settled' &&
        event.outcome.kind === 'worktree-opened' &&
        /\/gate\/judge\d(@\d+)?$/.test(lane)
      )
        opened.add(lane);
      if (event.type === 'attempt-ended')
        expect(
          [...opened].filter(
            (name) => name.startsWith(`${event.step}/gate/`) && !name.slice(event.step.length + 6).includes('/'),
          ),
        ).toEqual([]);
    }
  });

  law('after an abort nothing begins but the record of what an agent left', (plan, script) => {
    run(plan, script, (before, _, decided, after) => {
      if (before.status === 'stopping' || after.status === 'stopping' || after.status === 'aborted')
        expect(requests(decided).filter((effect) => effect.type !== 'checkpoint')).toEqual([]);
    });
  });

  law(
    'a finished turn is never begun again by an interruption: it and a resume leave the run as it was',
    (plan, script) => {
      run(plan, script, (_, __, ___, after) => {
        const { idleSince: at = 0 } = after;
        if (after.status !== 'running') return;
        const told = (state: RunState, input: Input): RunState => {
          const decision = decide(state, input);
          if (!decision.ok) throw new Error(decision.message);
          return decision.events.reduce(evolve, state);
        };
        const stopped = told(after, { at, type: 'interrupt', reason: 'law' });
        expect(stopped.status).toBe('interrupted');
        deepStrictEqual(told(stopped, { at, type: 'resume' }), after);
      });
    },
  );

  law('whatever an agent left is recorded before anything else happens in its worktree', (plan, script) => {
    const { events } = run(plan, script, () => {});
    const ran = new Map<string, string>();
    for (const effect of requests(events)) {
      const turn = ran.get(effect.lane);
      const again = effect.type === 'run-agent' && effect.id.startsWith(`${turn}.`);
      // A merge works in the lane it merges into, which no turn of an inner step uses.
      if (turn !== undefined && !again) expect(effect.type).toBe('checkpoint');
      if (effect.type === 'run-agent') ran.set(effect.lane, effect.id.replace(/\.\d+$/, ''));
      else ran.delete(effect.lane);
    }
    if (events.at(-1)?.type === 'run-ended') expect([...ran.keys()]).toEqual([]);
  });

  law('the budget is overspent by no more than the turns in flight', (plan, script) => {
    const { costUsd = Number.POSITIVE_INFINITY, tokens = Number.POSITIVE_INFINITY } = plan.limits;
    run(plan, script, (before, _, decided) => {
      if (!requests(decided).some((effect) => effect.type === 'run-agent')) return;
      const after = decided.reduce(evolve, before);
      expect(after.spent.costUsd).toBeLessThan(costUsd);
      expect(after.spent.tokens).toBeLessThan(tokens);
      for (const effect of requests(decided))
        if (effect.type === 'run-agent') {
          expect(effect.limits.costUsd?.value ?? 0).toBeLessThanOrEqual(costUsd - after.spent.costUsd);
          expect(effect.limits.costUsd?.value ?? 1).toBeGreaterThan(0);
        }
    });
  });

  law('a step that passed did so in its last attempt, on a tree that was not put back', (plan, script) => {
    const { events } = run(plan, script, () => {});
    const last = new Map<string, RunEvent & { type: 'attempt-ended' }>();
    const undone = new Set<string>();
    for (const event of events) {
      if (event.type === 'step-reopened') last.delete(event.step);
      if (event.type === 'attempt-started') undone.delete(event.step);
      if (event.type === 'attempt-ended') last.set(event.step, event);
      if (event.type === 'effect-requested' && event.effect.id.endsWith('/undo')) undone.add(event.effect.step);
      if (event.type !== 'step-ended' || event.end !== 'passed') continue;
      expect(last.get(event.step) ?? {}).not.toHaveProperty('failure');
      expect(undone.has(event.step)).toBe(false);
    }
  });

  law('an attempt goes on only with a conversation of its own agent, in its own task', (plan, script) => {
    run(plan, script, (before, _, decided) => {
      const after = decided.reduce(evolve, before);
      for (const effect of requests(decided)) {
        if (effect.type !== 'run-agent' || effect.start.kind === 'new') continue;
        const { session } = effect.start;
        const task = effect.step.slice(0, effect.step.lastIndexOf('/') + 1);
        const owners = Object.values(after.steps).filter((step) => step.session?.ref.id === session.id);
        expect(owners.map((step) => step.session?.agent)).toContain(effect.agent);
        expect(owners.some((step) => task.startsWith(step.path.slice(0, step.path.lastIndexOf('/') + 1)))).toBe(true);
      }
    });
  });

  law('every turn has a prompt, made without a throw', (plan, script) => {
    run(plan, script, (_, __, decided, after) => {
      for (const effect of requests(decided))
        if (effect.type === 'run-agent') expect(promptParts(after, effect.step)?.length).toBeGreaterThan(0);
    });
  });

  law('every event finds its place: steps begin before they end, attempts count from one', (plan, script) => {
    const { events, state } = run(plan, script, () => {});
    const running = new Map<string, number>();
    for (const event of events) {
      if (event.type === 'step-started') running.set(event.step, 0);
      if (event.type === 'step-reopened') running.set(event.step, 1);
      if (event.type === 'attempt-started') {
        // Attempts that would get nowhere are left out.
        expect(event.attempt).toBeGreaterThan(running.get(event.step) ?? Number.NaN);
        running.set(event.step, event.attempt);
      }
      if (event.type === 'attempt-ended') expect(running.get(event.step)).toBe(event.attempt);
      if (event.type === 'step-ended') expect(running.delete(event.step)).toBe(true);
    }
    if (state.status !== 'aborted') expect([...running.keys()]).toEqual([]);
  });

  law(
    'what failed or was stopped can be resumed, again and again, until it passes or fails for good',
    (plan, script) => {
      const { state } = run(plan, script, () => {});
      if (state.status === 'passed') return;
      const decision = decide(state, { type: 'resume', at: 0 });
      if (!decision.ok) throw new Error(decision.message);
      const resumed = decision.events.reduce(evolve, state);
      expect(resumed.status).toBe('running');
      // Everything ends well from here on: so does the run, and no step that had passed runs again.
      const done = new Set(Object.values(state.steps).flatMap(({ path, phase }) => (phase === 'passed' ? [path] : [])));
      const { state: end, events } = finish(resumed, decision.events);
      expect(end.status === 'passed' || end.failure !== undefined).toBe(true);
      const again = events.flatMap((event) => (event.type === 'step-started' ? [event.step] : []));
      const inGroup = (path: string) => path.includes('/');
      expect(again.filter((path) => done.has(path) && !inGroup(path))).toEqual([]);
      const ids = requests(events).map((effect) => effect.id);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );
});

/** Plays on with nothing but good ends. */
function finish(from: RunState, begun: readonly RunEvent[]): { state: RunState; events: readonly RunEvent[] } {
  let state = from;
  const events = [...begun];
  for (let guard = 0; live(state); guard++) {
    if (guard > 3000) throw new Error('it does not end');
    const [effect] = outstanding(state);
    if (!effect) throw new Error('stuck');
    const decision = decide(state, { type: 'settle', effect: effect.id, outcome: endsWell(effect), at: guard });
    if (!decision.ok) throw new Error(decision.message);
    events.push(...decision.events);
    state = decision.events.reduce(evolve, state);
  }
  return { state, events };
}
