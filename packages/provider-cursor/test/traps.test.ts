import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent } from '@pawl/provider';
import cursor from '@pawl/provider-cursor';
import { FakeProgram, fakeHost, processHost, readRecordings, replay } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';

const recordings = readRecordings(new URL('../recordings/', import.meta.url));
const options = { binary: 'cursor-agent', args: [] };

async function played(name: string): Promise<readonly AgentEvent[]> {
  const found = recordings.find((recording) => recording.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return await replay(cursor, found, { options });
}
const endOf = (events: readonly AgentEvent[]) => {
  const end = events.at(-1);
  if (end?.type !== 'turn-end') throw new Error('no end');
  return end;
};

describe('traps', () => {
  test('-p that finishes and never exits: the result ends the turn, and the process is stopped', {
    timeout: 30_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawl-cursor-'));
    try {
      const program = new FakeProgram(folder);
      const lines =
        recordings
          .find(({ name }) => name === 'documented-tools')
          ?.stdout.trimEnd()
          .split('\n') ?? [];
      const session = await cursor.open(
        {
          ...{ cwd: folder, access: 'edit', start: { kind: 'new' } },
          options: { binary: program.file, args: [] },
          env: program.behave({ lines, last: { do: 'hang' } }),
        },
        processHost(),
      );
      const { outcome } = await session.turn({ prompt: 'go', idleMs: 1_000 }).ended;
      expect(outcome).toEqual({ kind: 'completed', text: 'I wrote it.' });
      await program.gone();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('the result glues all messages: the last one is the answer', async () => {
    expect(endOf(await played('documented-tools')).outcome).toEqual({ kind: 'completed', text: 'I wrote it.' });
  });

  test('keys beside that of the tool call are no tool', async () => {
    const names = (await played('documented-tools')).flatMap((event) => (event.type === 'tool-call' ? event.name : []));
    expect(names).toEqual(['edit', 'shell']);
  });

  test('cached tokens may be within the input or beside it', async () => {
    expect(endOf(await played('documented-tools')).usage).toMatchObject({
      inputTokens: 17_161,
      cachedInputTokens: 17_088,
    });
    expect(endOf(await played('documented-usage-apart')).usage).toMatchObject({
      ...{ inputTokens: 28_158, cachedInputTokens: 28_154 },
    });
  });

  test('turns are counted by the answers of the model; no usage is not zero', async () => {
    expect(endOf(await played('documented-tools')).usage.turns).toBe(3);
    expect(endOf(await played('documented-no-usage')).usage).toEqual({ turns: 1 });
  });

  test('a refused command is a denial, one that fails an error, and the turn completes', async () => {
    for (const [name, status] of [
      ['documented-rejected-shell', 'denied'],
      ['documented-failed-shell', 'error'],
    ] as const) {
      const found = (await played(name)).flatMap((event) => (event.type === 'tool-result' ? event.status : []));
      expect(found).toEqual([status]);
    }
  });

  test('a shown name of a model is not compared with the one asked for', async () => {
    const found = recordings.find(({ name }) => name === 'documented-resume');
    if (!found) throw new Error('not there');
    const context = { ...found.context, request: { ...found.context.request, model: 'composer-2.5' } };
    const end = endOf(await replay(cursor, { ...found, context }, { options }));
    expect(end).toMatchObject({ outcome: { kind: 'completed' }, model: 'Composer 2.5' });
  });

  test('interaction queries are known and tell nothing', async () => {
    expect(endOf(await played('documented-plan')).unknownLines).toBe(0);
  });
});

describe('command', () => {
  const started = async (request: object) => {
    const host = fakeHost(() => ({}));
    const base = { cwd: '/work', access: 'edit' as const, start: { kind: 'new' as const }, options };
    const session = await cursor.open({ ...base, ...request }, host);
    await session.turn({ prompt: 'the prompt' }).ended;
    return host.commands[0];
  };

  test('each access word has its flags, and all trust the folder', async () => {
    const flags = ['-p', '--output-format', 'stream-json', '--trust'];
    expect((await started({ access: 'read-only' }))?.args).toEqual([...flags, '--mode', 'ask']);
    expect((await started({}))?.args).toEqual(flags);
    expect((await started({ access: 'full' }))?.args).toEqual([...flags, '--force']);
  });

  test('the prompt goes to standard input, and never on the command line', async () => {
    const command = await started({});
    expect(command?.stdin).toBe('the prompt');
    expect(command?.args).not.toContain('the prompt');
  });

  test.each(['--force', '--api-key=x', '--resume', '--'])('%s is not for the options', async (flag) => {
    await expect(started({ options: { ...options, args: [flag] } })).rejects.toMatchObject({ code: 'bad-option' });
  });

  test('an id that could be a flag is refused', async () => {
    const start = { kind: 'resume', ref: { provider: 'cursor', id: '--force', cwd: '/work' } };
    await expect(started({ start })).rejects.toMatchObject({ code: 'bad-option' });
  });
});

describe('probe', () => {
  const probed = (answers: Readonly<Record<string, string>>, env = {}) =>
    cursor.probe(
      fakeHost(({ args }) => ({ stdout: answers[args[0] ?? ''] ?? '' }), { env }),
      options,
    );

  test.each([
    ['Logged in as someone@example.com\n', {}, true],
    ['Not logged in\n', {}, false],
    ['something new\n', {}, undefined],
    ['', { CURSOR_API_KEY: 'key' }, true],
  ])('signed in by what `status` says: %j %j', async (status, env, signedIn) => {
    expect(await probed({ '--version': '2026.08.11-e8db854\n', status }, env)).toMatchObject({
      ...{ found: true, version: '2026.08.11-e8db854', known: true, signedIn },
    });
  });

  test('another program of the name is not it', async () => {
    expect(await probed({ '--version': '1.0.3\n' })).toMatchObject({ found: false });
  });
});

test.each(['directories', 'effort', 'mcpServers'])(
  '%s, which other agents have, is refused by its name',
  async (name) => {
    const { issues } = await cursor.options['~standard'].validate({ [name]: 'x' });
    expect(issues).toMatchObject([{ path: [name], message: expect.stringMatching(/^Cursor /) }]);
  },
);
