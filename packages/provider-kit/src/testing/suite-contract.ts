import {
  type Access,
  type Command,
  type OpenRequest,
  ProviderError,
  type Report,
  type SessionRef,
  type SessionStart,
  type SessionVerb,
  type TurnInput,
} from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { fakeHost } from './fake-host.ts';
import { collect } from './replay.ts';
import type { ProviderTests } from './setup.ts';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const accesses: readonly Access[] = ['read-only', 'edit', 'full'];
const reports: readonly Report[] = [
  'cost',
  'tokens',
  'text-delta',
  'reasoning',
  'model',
  'denials',
  'retries',
  'compaction',
];

export function testContract({ provider, options = {}, surroundings = {}, dangerous = [] }: ProviderTests): void {
  const { capabilities } = provider;
  const ref = { provider: provider.id, id, cwd: '/work' };
  const base = { cwd: '/work', access: capabilities.access[0] ?? 'edit', start: { kind: 'new' as const }, options };
  const starts: Readonly<
    Record<Exclude<SessionVerb, 'list' | 'export' | 'move' | 'read' | 'rename' | 'tag'>, SessionStart>
  > = {
    resume: { kind: 'resume', ref },
    continue: { kind: 'continue' },
    fork: { kind: 'fork', ref },
    'fork-at': { kind: 'fork', ref, at: id },
    ephemeral: { kind: 'ephemeral' },
    'choose-id': { kind: 'new', id },
  };

  /** What would have been started. */
  async function launched(request: Partial<OpenRequest>, input: Partial<TurnInput> = {}): Promise<Launched> {
    const host = fakeHost(() => ({}), surroundings);
    const session = await provider.open({ ...base, ...request }, host);
    await collect(session.turn({ prompt: 'the prompt', ...input }));
    const command = host.commands[0];
    if (!command) throw new Error('nothing was started');
    return { ...command, said: host.said };
  }

  async function refused(request: Partial<OpenRequest>): Promise<unknown> {
    const host = fakeHost(() => ({}), surroundings);
    const error = await provider.open({ ...base, ...request }, host).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(host.commands).toEqual([]);
    return error;
  }

  test('it is a provider of this contract', () => {
    expect(provider.spec).toBe('v1');
    expect(provider.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(provider.title).not.toBe('');
    expect(provider.environment.filter((name) => !/^[A-Za-z0-9_()]+\*?$/.test(name))).toEqual([]);
    expect(capabilities.reports.filter((report) => !reports.includes(report))).toEqual([]);
    expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities);
  });

  test('silence, where it has an opinion of it, is told in milliseconds', () => {
    const { firstEventMs = 1_000, idleMs = 1_000 } = provider.silence ?? {};
    expect([firstEventMs, idleMs].filter((ms) => !Number.isSafeInteger(ms) || ms < 1_000)).toEqual([]);
  });

  test('optional functions are there exactly when they are listed', () => {
    expect(provider.listSessions !== undefined).toBe(capabilities.sessions.includes('list'));
    expect(provider.exportSession !== undefined).toBe(capabilities.sessions.includes('export'));
    expect(provider.packSession !== undefined).toBe(capabilities.sessions.includes('move'));
    expect(provider.placeSession !== undefined).toBe(capabilities.sessions.includes('move'));
    expect(provider.readSession !== undefined).toBe(capabilities.sessions.includes('read'));
    expect(provider.renameSession !== undefined).toBe(capabilities.sessions.includes('rename'));
    expect(provider.tagSession !== undefined).toBe(capabilities.sessions.includes('tag'));
  });

  test('a session from elsewhere has no say in where its files go', async () => {
    const { placeSession } = provider;
    if (!placeSession) return;
    const host = fakeHost(() => ({}), { ...surroundings, env: { HOME: '/home/me', ...surroundings.env } });
    const placed = (request: { readonly from: SessionRef; readonly parts: readonly string[] }) =>
      placeSession({ ...request, cwd: '/elsewhere' }, host).then(
        () => 'placed',
        (error: unknown) => (ProviderError.is(error) ? 'refused' : error),
      );
    for (const part of ['../x', '/etc/passwd', 'a/b', 'a\\b', '', '.bashrc', '..', 'x'.repeat(300)])
      expect(await placed({ from: ref, parts: [part] }), part).toBe('refused');
    for (const strange of ['../../x', '/etc/x', '', '-x', 'a/b', 'a\0b'])
      expect(await placed({ from: { ...ref, id: strange }, parts: [] }), strange).toBe('refused');
    expect(host.commands).toEqual([]);
  });

  test('options: valid ones pass, unknown keys are refused by name', async () => {
    const validate = provider.options['~standard'].validate;
    expect((await validate(options)).issues).toBeUndefined();
    expect(JSON.stringify((await validate({ ...Object(options), pawlNoSuchKey: 1 })).issues)).toContain(
      'pawlNoSuchKey',
    );
    expect(await refused({ options: { ...Object(options), pawlNoSuchKey: 1 } })).toMatchObject({ code: 'bad-option' });
  });

  test('a reference of another provider is refused', async () => {
    for (const kind of ['resume', 'fork'] as const) {
      if (!capabilities.sessions.includes(kind)) continue;
      const start = { kind, ref: { ...ref, provider: 'another-agent' } };
      expect(await refused({ start })).toMatchObject({ code: 'session-not-found' });
    }
  });

  test('a reference survives JSON', async () => {
    if (!capabilities.sessions.includes('resume')) return;
    const revived = JSON.parse(JSON.stringify(ref));
    const start = { kind: 'resume' as const, ref: revived };
    expect(essence(await launched({ start }))).toEqual(essence(await launched({ start: starts.resume })));
  });

  describe.each(Object.entries(starts))('session verb %s', (verb, start) => {
    if (capabilities.sessions.includes(verb as SessionVerb)) {
      test('changes what is started', async () => {
        expect(essence(await launched({ start }))).not.toEqual(essence(await launched({})));
      });
    } else {
      test('is refused before anything is started', async () => {
        expect(await refused({ start })).toMatchObject({ code: 'unsupported' });
      });
    }
  });

  describe.each(accesses)('access %s', (access) => {
    if (capabilities.access.includes(access)) {
      test('differs from the other ones', async () => {
        const own = essence(await launched({ access }));
        for (const other of capabilities.access.filter((word) => word !== access)) {
          expect(essence(await launched({ access: other }))).not.toEqual(own);
        }
      });
    } else {
      test('is refused before anything is started', async () => {
        expect(await refused({ access })).toMatchObject({ code: 'unsupported' });
      });
    }
  });

  test('read-only gives no word of the command line that widens it', async () => {
    if (!capabilities.access.includes('read-only')) return;
    const { args } = await launched({ access: 'read-only' });
    expect(args.filter((word) => dangerous.includes(word))).toEqual([]);
  });

  test('limits and schema reach the command line exactly when they are listed', async () => {
    const limits = { turns: 7_321, costUsd: 7.625 };
    const given = JSON.stringify(
      await launched({}, { limits, outputSchema: { title: 'pawl-schema', type: 'object' } }),
    );
    expect(given.includes('7321')).toBe(capabilities.limits.includes('turns'));
    expect(given.includes('7.625')).toBe(capabilities.limits.includes('costUsd'));
    expect(given.includes('pawl-schema')).toBe(capabilities.output.includes('json-schema'));
  });

  test('a prompt is passed whole, by no shell', async () => {
    for (const prompt of ['-rf', '$(touch x) `touch y` "; rm -rf "\n\'', 'x'.repeat(1_048_576)]) {
      const { file, args, stdin, said } = await launched({}, { prompt });
      expect(file).not.toMatch(/(^|\/)(sh|bash|dash|zsh|cmd(\.exe)?|powershell(\.exe)?)$/);
      const argument = prompt.length < 100_000 && args.includes(prompt) && !prompt.startsWith('-');
      expect(stdin === prompt || argument || said.some((text) => text.includes(JSON.stringify(prompt)))).toBe(true);
    }
  });

  test('no secret of the environment is put on the command line', async () => {
    const env = Object.fromEntries(
      provider.environment.map((name) => [name.replace('*', 'API_KEY'), 'sk-pawl-secret']),
    );
    const host = fakeHost(() => ({}), { ...surroundings, env: { ...surroundings.env, ...env } });
    const session = await provider.open(base, host);
    await collect(session.turn({ prompt: 'the prompt' }));
    expect(JSON.stringify(host.commands.map(({ file, args }) => [file, args]))).not.toContain('sk-pawl-secret');
  });

  test('what the caller adds to the environment reaches the agent', async () => {
    expect((await launched({ env: { PAWL_STEP: 'a/b' } })).env).toMatchObject({ PAWL_STEP: 'a/b' });
  });

  test('the model asked for reaches the agent', async () => {
    expect(JSON.stringify(await launched({ model: 'pawl-model-x' }))).toContain('pawl-model-x');
  });

  test('a program that is not there is told with a hint', async () => {
    const error = { code: 'not-found' as const, message: 'no such program' };
    const host = fakeHost(() => ({ exit: { error } }), surroundings);
    const end = (await collect((await provider.open(base, host)).turn({ prompt: 'x' }))).at(-1);
    expect(end).toMatchObject({ outcome: { kind: 'failed', error: { code: 'not-installed', retryable: false } } });
    const probed = await provider.probe(host, options);
    if (!probed.found) expect(probed.hint).not.toBe('');
  });
}

interface Launched extends Command {
  /** What it was told besides. */
  readonly said: readonly string[];
}

/** But for ids that are new each time. */
function essence({ args, env, said }: Launched): unknown {
  const text = JSON.stringify({ args, env, said });
  return text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (found) => (found === id ? found : '<uuid>'));
}
