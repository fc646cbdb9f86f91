import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, type RunningProcess, spawnProcess } from '@pawl/process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../contract.ts';
import { started } from './samples.ts';
import { allOf, openAt, type StoreSetup, type Stores } from './setup.ts';

/** As this module was loaded: from the sources or built. */
const fromSource = import.meta.url.endsWith('.ts');
const program = fileURLToPath(new URL(fromSource ? './append.ts' : './append.js', import.meta.url));

export function testProcesses(setup: StoreSetup): void {
  describe('several processes', () => {
    let place: string;
    let store: SessionStore;
    let stores: Stores;
    const children: RunningProcess[] = [];
    beforeEach(async () => {
      place = await setup.place();
      stores = await openAt(setup);
      store = await stores.open(place);
    });
    afterEach(async () => {
      await Promise.all(children.splice(0).map((child) => child.stop()));
      await stores.closeAll();
    });

    function append(run: string, count: number): RunningProcess {
      const conditions = fromSource ? ['--conditions=@pawl/source'] : [];
      const child = spawnProcess({
        file: process.execPath,
        args: [...conditions, program, setup.module.href, place, run, String(count)],
        cwd: dirname(program),
        env: cleanEnvironment(process.env),
        stopGraceMs: 100,
      });
      children.push(child);
      return child;
    }

    test('writers of one run never lose or repeat an event', async () => {
      await store.runs.append('r1', 0, [started('r1')]);
      const writers = [append('r1', 150), append('r1', 150)];
      for (const { exit } of writers) expect(await exit).toMatchObject({ code: 0 });
      const log = await store.runs.read('r1');
      expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 301 }, (_, index) => index + 1));
      const messages = log.flatMap(({ event }) => (event.type === 'warned' ? [event.message] : []));
      expect(new Set(messages).size).toBe(300);
      expect((await store.runs.find('r1'))[0]?.lastSeq).toBe(301);
    });

    test('turns of one session from several openings add up', async () => {
      const others = [store, await stores.open(place), await stores.open(place)];
      const ref = { provider: 'claude', id: 'n1', cwd: '/work' };
      const turns = Array.from({ length: 30 }, (_, index) =>
        (others[index % 3] ?? store).sessions.record({
          ...{ ref, at: index % 15, key: `turn ${index % 15}`, usage: { inputTokens: 1 } },
        }),
      );
      const ids = new Set((await Promise.all(turns)).map(({ id }) => id));
      expect(ids.size).toBe(1);
      expect(await store.sessions.list()).toMatchObject([{ turns: 15, inputTokens: 15, createdAt: 0, lastUsedAt: 14 }]);
    });

    test('messages of one session from several openings are numbered without gaps', async () => {
      const others = [store, await stores.open(place)];
      const { id } = await store.sessions.begin({ ref: { provider: 'claude', id: 'n1', cwd: '/work' }, at: 1 });
      const numbers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (others[index % 2] ?? store).sessions.append(id, [
            { role: 'user', type: 'text', text: `message ${index}`, at: index },
          ]),
        ),
      );
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      const texts = (await allOf(store.sessions.messages(id))).map((one) => ('text' in one ? one.text : ''));
      expect(new Set(texts).size).toBe(20);
    });

    test('kill -9 amid appends loses nothing that was acknowledged, and leaves no half batch', async () => {
      for (let round = 0; round < 5; round += 1) {
        const run = `killed${round}`;
        await store.runs.append(run, 0, [started(run)]);
        const child = append(run, 1_000_000);
        let acknowledged = 0;
        for await (const line of child.lines) {
          acknowledged = Number(line.text);
          if (acknowledged > 30 * (round + 1) && child.pid !== undefined) kill(child.pid);
        }
        expect(await child.exit).toMatchObject({ signal: 'SIGKILL' });
        const log = await store.runs.read(run);
        expect(log.length).toBeGreaterThanOrEqual(acknowledged);
        expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
        // Batches of three behind the first event.
        expect((log.length - 1) % 3).toBe(0);
        expect(await store.runs.find(run)).toMatchObject([{ lastSeq: log.length, status: 'running' }]);
        await store.runs.append(run, log.length, [{ type: 'abort-requested', at: 1, reason: 'killed' }]);
      }
    });
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already; lines that it wrote before still come.
  }
}
