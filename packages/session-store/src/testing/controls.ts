import type { Control, ControlEnd } from '@pawl/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../contract.ts';
import { steerRun, takeControls } from '../control-port.ts';
import { openAt, refusal, type StoreSetup, type Stores } from './setup.ts';

const holder = { pid: 100, started: 'boot/1', host: 'here' };
const pause: Control = { type: 'pause', wanted: true, by: 'ada' };
const done: ControlEnd = { done: true };
const lives = { isAlive: () => true, everyMs: 5 };

export function testControls(setup: StoreSetup): void {
  describe('what is asked of a run at work', () => {
    let stores: Stores;
    let store: SessionStore;
    let other: SessionStore;
    beforeEach(async () => {
      const place = await setup.place();
      stores = await openAt(setup);
      store = await stores.open(place);
      other = await stores.open(place);
    });
    afterEach(() => stores.closeAll());

    test('is kept in order until it is answered; the first answer stands', async () => {
      const { controls } = store.runs;
      const first = await controls.ask('r1', pause, 1000);
      const second = await other.runs.controls.ask('r1', { type: 'abort-step', step: 'impl', reason: 'slow' }, 2000);
      await controls.ask('r2', pause, 3000);
      expect(second).toBeGreaterThan(first);
      expect(await controls.open('r1')).toEqual([
        { number: first, run: 'r1', at: 1000, control: pause },
        { number: second, run: 'r1', at: 2000, control: { type: 'abort-step', step: 'impl', reason: 'slow' } },
      ]);
      await other.runs.controls.end(first, { done: false, code: 'already-ended', message: 'run r1 has passed' });
      await controls.end(first, done);
      expect(await controls.find(first)).toMatchObject({ end: { done: false, code: 'already-ended' } });
      expect((await controls.open('r1')).map(({ number }) => number)).toEqual([second]);
      expect(await controls.find(second + 100)).toBeUndefined();
      await refusal(controls.ask('../x', pause, 1), 'bad-request');
    });

    test('nothing secret is in it', async () => {
      const comment = `use ${'ghp_'}${'a1'.repeat(18)}`;
      const number = await store.runs.controls.ask('r1', { type: 'answer', answer: { choice: 'retry', comment } }, 1);
      expect(JSON.stringify(await store.runs.controls.find(number))).toContain('[redacted]');
    });

    test('the holder of the lease takes it up, and who asked is told', async () => {
      await store.runs.acquire('r1', holder, () => true);
      const met: Control[] = [];
      const stop = await takeControls(
        store.runs,
        'r1',
        async (control) => {
          met.push(control);
          return control.type === 'abort' ? { done: false, code: 'already-ended', message: 'too late' } : done;
        },
        5,
      );
      expect(await steerRun(other.runs, 'r1', pause, lives)).toEqual(done);
      expect(await steerRun(other.runs, 'r1', { type: 'abort' }, lives)).toMatchObject({ message: 'too late' });
      expect(met).toEqual([pause, { type: 'abort' }]);
      await stop();
      expect(await store.runs.controls.open('r1')).toEqual([]);
    });

    test('of a run that nobody has in hand is refused, and not kept', async () => {
      expect(await steerRun(other.runs, 'r1', pause, lives)).toMatchObject({ done: false, code: 'not-at-work' });
      await store.runs.acquire('r1', holder, () => true);
      expect(await steerRun(other.runs, 'r1', pause, { isAlive: () => false })).toMatchObject({ code: 'not-at-work' });
      expect(await store.runs.controls.open('r1')).toEqual([]);
    });

    test('of one that does not look is taken back in time', async () => {
      await store.runs.acquire('r1', holder, () => true);
      const end = await steerRun(other.runs, 'r1', pause, { ...lives, deadlineMs: 30 });
      expect(end).toMatchObject({ done: false, code: 'no-answer' });
      expect(await store.runs.controls.open('r1')).toEqual([]);
    });

    test('what an earlier holder was asked does not reach the next one', async () => {
      const number = await store.runs.controls.ask('r1', { type: 'abort' }, 1);
      const met: Control[] = [];
      const meet = async (control: Control) => {
        met.push(control);
        return done;
      };
      await (await takeControls(store.runs, 'r1', meet, 5))();
      expect(met).toEqual([]);
      expect(await store.runs.controls.find(number)).toMatchObject({ end: { code: 'no-answer' } });
    });

    test('nonsense is answered by name', async () => {
      await store.runs.acquire('r1', holder, () => true);
      const stop = await takeControls(store.runs, 'r1', async () => done, 5);
      const nonsense = { type: 'dance' } as unknown as Control;
      expect(await steerRun(other.runs, 'r1', nonsense, lives)).toMatchObject({ code: 'unknown-request' });
      await stop();
    });
  });
}
