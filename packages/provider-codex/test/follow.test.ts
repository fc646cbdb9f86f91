import type { Child, Host, OutputLine } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { followingHost } from '../src/follow.ts';

const id = '01a1f855-86ea-7b53-896a-a83558fec421';
const day = '/home/me/.codex/sessions/2026/11/20';
const path = `${day}/rollout-2026-11-20T09-00-00-${id}.jsonl`;
const started = `{"type":"thread.started","thread_id":"${id}"}`;
const entry = (type: string, ordinal: number, more = '') =>
  `{"timestamp":"2026-11-20T09:00:00.000Z","ordinal":${ordinal},"type":"${type}","payload":{"n":${ordinal}${more}}}\n`;

/** Prints the lines; before each the rollout is what the line says. */
function stage(script: readonly (readonly [line: string, rollout: string | undefined])[], more: Partial<Host> = {}) {
  let rollout: string | undefined;
  const seen = { reads: 0, listed: 0, stopped: 0, warnings: [] as string[] };
  async function* lines(): AsyncGenerator<OutputLine> {
    for (const [index, [text, now]] of script.entries()) {
      rollout = now;
      if (seen.stopped === 0) yield { line: index + 1, text };
    }
  }
  const child: Child = {
    lines: lines(),
    exit: Promise.resolve({ code: 0, signal: undefined, stderrTail: '' }),
    stop: async () => {
      seen.stopped += 1;
    },
  };
  const host: Host = {
    env: { HOME: '/home/me' },
    spawn: () => child,
    readFile: async (asked) => {
      seen.reads += 1;
      if (asked !== path || rollout === undefined) throw new Error('absent');
      return rollout;
    },
    listFolder: async (folder) => {
      seen.listed += 1;
      return folder === day && rollout !== undefined ? [path.slice(day.length + 1)] : [];
    },
    log: (_, message) => void seen.warnings.push(message),
    ...more,
  };
  return { host: followingHost(host), seen, child };
}

async function follow(host: Host, args: readonly string[] = ['exec', '-']): Promise<string[]> {
  const found: string[] = [];
  for await (const { line, text } of host.spawn({ file: 'codex', args, cwd: '/work' }).lines) {
    const { index, entry: from } = text.startsWith('{"type":"pawl.rollout"') ? JSON.parse(text) : {};
    found.push(index === undefined ? `${line} printed` : `${line} ${from.type} ${from.payload.n}=${index}`);
  }
  return found;
}

describe('what the rollout says comes between what is printed', () => {
  test('in order, once, with the number of the printed line; what tells nothing is left out', async () => {
    const first = entry('session_meta', 0) + entry('world_state', 1);
    const second = first + entry('token_usage_record', 2);
    const { host } = stage([
      [started, undefined],
      ['{"type":"turn.started"}', first],
      ['x', second],
      ['y', second + entry('compacted', 3)],
    ]);
    expect(await follow(host)).toEqual([
      ...['1 printed', '2 printed', '2 session_meta 0=0'],
      ...['3 printed', '3 token_usage_record 2=2', '4 printed', '4 compacted 3=3'],
    ]);
  });

  test('half a line waits for its end; what is written at the end of all is read too', async () => {
    const whole = entry('turn_context', 0);
    let calls = 0;
    const texts = [whole.slice(0, 40), whole.slice(0, 60), whole];
    const { host } = stage(
      [
        [started, ''],
        ['x', ''],
      ],
      { readFile: async () => texts[calls++] ?? whole },
    );
    expect(await follow(host)).toEqual(['1 printed', '2 printed', '2 turn_context 0=0']);
  });

  test('a large file is not read again for every line', async () => {
    const large = entry('world_state', 0, `,"x":"${'x'.repeat(1_200_000)}"`);
    const { host, seen } = stage([[started, large], ...Array.from({ length: 20 }, () => ['x', large] as const)]);
    await follow(host);
    expect(seen.reads).toBeLessThan(8);
  });

  test('a session without a file is not looked for for ever', async () => {
    const { host, seen } = stage([
      [started, undefined],
      ...Array.from({ length: 200 }, () => ['x', undefined] as const),
    ]);
    expect(await follow(host)).toHaveLength(201);
    expect(seen.listed).toBeLessThan(100);
  });

  test('nothing is looked for before a session is named, nor for other commands', async () => {
    const { host, seen } = stage([['x', entry('session_meta', 0)]]);
    expect(await follow(host)).toEqual(['1 printed']);
    const other = stage([[started, entry('session_meta', 0)]]);
    expect(other.host.spawn({ file: 'codex', args: ['--version'], cwd: '/' })).toBe(other.child);
    expect(seen.reads + seen.listed).toBe(0);
  });
});

describe('a network that is not there', () => {
  const waiting = '{"type":"error","message":"Reconnecting... waiting for network (x)"}';
  const all = (...texts: readonly string[]) => texts.map((text) => [text, undefined] as const);

  test('Codex would wait for ever: it is stopped when it has said so three times', async () => {
    const { host, seen } = stage(all(waiting, waiting, waiting, waiting));
    expect(await follow(host)).toHaveLength(3);
    expect(seen.stopped).toBe(1);
  });

  test('it may come back', async () => {
    const { host, seen } = stage(all(waiting, waiting, '{"type":"turn.started"}', waiting, 'garbage', waiting));
    await follow(host);
    expect(seen.stopped).toBe(0);
  });
});

test('warnings are for the log: they end no turn', async () => {
  const warning =
    '{"type":"item.completed","item":{"id":"item_0","type":"error","message":"Model metadata not found"}}';
  const { host, seen } = stage([[warning, undefined]]);
  await follow(host);
  expect(seen.warnings).toEqual(['Codex: Model metadata not found']);
});
