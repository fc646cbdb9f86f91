import type { RunEvent } from '@pawl/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../contract.ts';
import { ended, samplePlan, started, warned } from './samples.ts';
import { openAt, refusal, type StoreSetup, type Stores } from './setup.ts';

export function testRuns(setup: StoreSetup): void {
  describe('run log', () => {
    let place: string;
    let stores: Stores;
    let store: SessionStore;
    beforeEach(async () => {
      place = await setup.place();
      stores = await openAt(setup);
      store = await stores.open(place);
    });
    afterEach(() => stores.closeAll());

    test('gives back what was appended, numbered from 1', async () => {
      const events = [started('r1'), warned('one'), ended('passed')];
      expect(await store.runs.append('r1', 0, events.slice(0, 1))).toBe(1);
      expect(await store.runs.append('r1', 1, events.slice(1))).toBe(3);
      expect(await store.runs.read('r1')).toEqual(events.map((event, index) => ({ seq: index + 1, event })));
      expect(await store.runs.read('r1', 2)).toEqual([{ seq: 3, event: events[2] }]);
      expect(await store.runs.read('r1', 3)).toEqual([]);
      expect((await store.runs.read('r1', 0, 2)).map(({ seq }) => seq)).toEqual([1, 2]);
      expect((await store.runs.read('r1', 2, 2)).map(({ seq }) => seq)).toEqual([3]);
      expect(await store.runs.read('other')).toEqual([]);
    });

    test('outlives the store object', async () => {
      await store.runs.append('r1', 0, [started('r1'), warned('one')]);
      await stores.closeAll();
      expect((await (await stores.open(place)).runs.read('r1')).map(({ seq }) => seq)).toEqual([1, 2]);
    });

    test('refuses an append that does not follow the last event, and writes nothing of it', async () => {
      await store.runs.append('r1', 0, [started('r1'), warned('one')]);
      for (const expected of [0, 1, 3, -1]) {
        const error = await refusal(
          store.runs.append('r1', expected, [warned('late'), ended('failed')]),
          'stale-sequence',
        );
        expect(error.details.last).toBe(2);
      }
      await refusal(store.runs.append('r2', 1, [started('r2')]), 'stale-sequence');
      expect(await store.runs.read('r1')).toHaveLength(2);
      expect(await store.runs.list()).toMatchObject([{ id: 'r1', status: 'running', lastSeq: 2 }]);
    });

    test('writes all of the events or none', async () => {
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      const broken = { ...warned('x'), circular } as unknown as RunEvent;
      await refusal(store.runs.append('r1', 0, [started('r1'), broken]), 'bad-request');
      expect(await store.runs.list()).toEqual([]);
      expect(await store.runs.append('r1', 0, [started('r1')])).toBe(1);
      await refusal(store.runs.append('r1', 1, [ended('passed'), broken]), 'bad-request');
      expect(await store.runs.list()).toMatchObject([{ status: 'running', lastSeq: 1 }]);
    });

    test('an empty append checks the number and writes nothing', async () => {
      expect(await store.runs.append('r1', 0, [])).toBe(0);
      expect(await store.runs.list()).toEqual([]);
      await store.runs.append('r1', 0, [started('r1')]);
      expect(await store.runs.append('r1', 1, [])).toBe(1);
      await refusal(store.runs.append('r1', 0, []), 'stale-sequence');
    });

    test('run-started is the first event and no other', async () => {
      await refusal(store.runs.append('r1', 0, [warned('x')]), 'bad-request');
      await store.runs.append('r1', 0, [started('r1')]);
      await refusal(store.runs.append('r1', 1, [started('r1')]), 'bad-request');
      expect(await store.runs.read('r1')).toHaveLength(1);
    });

    test.each(['', '../x', 'a/b', '.', '-x', 'a b', 'x'.repeat(129), 'a\0b'])('refuses the run id %j', async (id) => {
      await refusal(store.runs.append(id, 0, [started(id)]), 'bad-request');
    });

    test('keeps every text as it is, long ones too', async () => {
      const spec = `${'ü\u0000 \u{1F600}"\\\n'.repeat(100_000)}`;
      await store.runs.append('r1', 0, [started('r1', 1, samplePlan({ spec }))]);
      const [first] = await store.runs.read('r1');
      expect(first?.event).toEqual(started('r1', 1, samplePlan({ spec })));
    });

    test('of writers with the same number exactly one wins each time', async () => {
      const other = await stores.open(place);
      await store.runs.append('r1', 0, [started('r1')]);
      for (let seq = 1; seq <= 20; seq += 1) {
        const attempts = [store, other, store, other].map((each, index) =>
          each.runs.append('r1', seq, [warned(`writer ${index}`)]).then(
            () => 'won',
            (error: { code: string }) => error.code,
          ),
        );
        expect((await Promise.all(attempts)).sort()).toEqual([
          'stale-sequence',
          'stale-sequence',
          'stale-sequence',
          'won',
        ]);
      }
      expect((await other.runs.read('r1')).map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    });

    test('property: any batches over any runs read back as they were appended', async () => {
      const batches = fc.array(
        fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 })),
        { maxLength: 12 },
      );
      let round = 0;
      await fc.assert(
        fc.asyncProperty(batches, async (list) => {
          round += 1;
          const model = new Map<string, RunEvent[]>();
          for (const [name, messages] of list) {
            const run = `${name}${round}`;
            const log = model.get(run) ?? [];
            const events = [...(log.length === 0 ? [started(run)] : []), ...messages.map((message) => warned(message))];
            expect(await store.runs.append(run, log.length, events)).toBe(log.length + events.length);
            model.set(run, [...log, ...events]);
          }
          for (const [run, log] of model) expect((await store.runs.read(run)).map(({ event }) => event)).toEqual(log);
        }),
        { numRuns: 40 },
      );
    });
  });

  describe('run records', () => {
    let stores: Stores;
    let store: SessionStore;
    beforeEach(async () => {
      stores = await openAt(setup);
      store = await stores.open(await setup.place());
    });
    afterEach(() => stores.closeAll());

    test('a run passes through its states', async () => {
      await store.runs.append('r1', 0, [started('r1', 1000)]);
      const first = {
        id: 'r1',
        workflow: 'tdd',
        repository: '/repo',
        baseCommit: samplePlan().base.commit,
        branch: 'main',
        spec: 'spec.md',
        startedAt: 1000,
        tags: [],
      };
      expect(await store.runs.list()).toEqual([{ ...first, status: 'running', lastSeq: 1 }]);
      await store.runs.append('r1', 1, [{ type: 'abort-requested', at: 1500, reason: 'Ctrl-C' }]);
      expect(await store.runs.list()).toEqual([{ ...first, status: 'stopping', reason: 'Ctrl-C', lastSeq: 2 }]);
      await store.runs.append('r1', 2, [ended('failed', 2000)]);
      expect(await store.runs.list()).toEqual([
        { ...first, status: 'failed', reason: 'the tests fail', endedAt: 2000, lastSeq: 3 },
      ]);
      await store.runs.append('r1', 3, [{ type: 'run-resumed', at: 3000, generation: 1 }]);
      expect(await store.runs.list()).toEqual([{ ...first, status: 'running', lastSeq: 4 }]);
    });

    test('has the tags that its plan tells, and is found by each', async () => {
      await store.runs.append('r1', 0, [started('r1', 1, { ...samplePlan(), tags: ['nightly', 'big', 'nightly'] })]);
      await store.runs.append('r2', 0, [started('r2', 2, { ...samplePlan(), tags: ['big'] })]);
      await store.runs.append('r3', 0, [started('r3', 3)]);
      expect((await store.runs.list()).map(({ id, tags }) => [id, tags])).toEqual([
        ['r3', []],
        ['r2', ['big']],
        ['r1', ['big', 'nightly']],
      ]);
      expect((await store.runs.list({ tag: 'big' })).map(({ id }) => id)).toEqual(['r2', 'r1']);
      expect((await store.runs.list({ tag: 'nightly', until: 1 })).map(({ id }) => id)).toEqual([]);
      expect((await store.runs.list({ tag: "n' OR 1=1" })).map(({ id }) => id)).toEqual([]);
      expect((await store.runs.find('r1'))[0]?.tags).toEqual(['big', 'nightly']);
    });

    test('has the owner that its plan tells', async () => {
      await store.runs.append('r1', 0, [started('r1', 1, { ...samplePlan(), owner: 'ada' })]);
      await store.runs.append('r2', 0, [started('r2')]);
      expect(await store.runs.list({ owner: 'ada' })).toMatchObject([{ id: 'r1', owner: 'ada' }]);
      expect((await store.runs.find('r2'))[0]).not.toHaveProperty('owner');
      expect(await store.runs.list({ owner: 'bob' })).toEqual([]);
    });

    test('a detached HEAD has no branch', async () => {
      const { branch: _, ...base } = samplePlan().base;
      await store.runs.append('r1', 0, [started('r1', 1, { ...samplePlan(), base })]);
      expect(await store.runs.list()).toEqual([expect.not.objectContaining({ branch: expect.anything() })]);
    });

    test('lists newest first, by repository and status, page by page', async () => {
      for (let index = 0; index < 7; index += 1) {
        const repository = index % 2 === 0 ? '/even' : '/odd';
        // Two of the same time: the order must still be a total one.
        await store.runs.append(`r${index}`, 0, [
          started(`r${index}`, 1000 + (index >> 1), samplePlan({ repository })),
        ]);
      }
      await store.runs.append('r2', 1, [ended('passed')]);
      await store.runs.append('r3', 1, [ended('failed')]);
      const ids = async (filter: Parameters<typeof store.runs.list>[0]) =>
        (await store.runs.list(filter)).map(({ id }) => id);
      expect(await ids({})).toEqual(['r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0']);
      expect(await ids({ repository: '/odd' })).toEqual(['r5', 'r3', 'r1']);
      expect(await ids({ status: 'passed' })).toEqual(['r2']);
      expect(await ids({ status: ['passed', 'failed'] })).toEqual(['r3', 'r2']);
      expect(await ids({ repository: '/odd', status: [] })).toEqual([]);
      expect(await ids({ since: 1002 })).toEqual(['r6', 'r5', 'r4']);
      expect(await ids({ since: 1001, until: 1002 })).toEqual(['r3', 'r2']);
      expect(await ids({ workflow: 'tdd', limit: 1 })).toEqual(['r6']);
      expect(await ids({ workflow: 'other' })).toEqual([]);
      const pages: string[] = [];
      for (let before: string | undefined; ; ) {
        const page = await ids(before === undefined ? { limit: 2 } : { limit: 2, before });
        pages.push(...page);
        before = page.at(-1);
        if (page.length === 0) break;
      }
      expect(pages).toEqual(await ids({}));
      await refusal(store.runs.list({ limit: 0 }), 'bad-request');
      await refusal(store.runs.list({ limit: Number.NaN }), 'bad-request');
    });

    test('finds by id or by its beginning', async () => {
      for (const id of ['ab1', 'ab2', 'ab', 'b_c']) await store.runs.append(id, 0, [started(id)]);
      const ids = async (prefix: string) => (await store.runs.find(prefix)).map(({ id }) => id);
      expect(await ids('ab1')).toEqual(['ab1']);
      expect(await ids('ab')).toEqual(['ab']);
      expect(await ids('a')).toEqual(['ab2', 'ab1', 'ab']);
      expect(await ids('%')).toEqual([]);
      expect(await ids('')).toEqual([]);
      expect(await ids("' OR 1=1 --")).toEqual([]);
    }, 30_000);
  });
}
