import codex from '@pawl/provider-codex';
import { fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { environment } from '../src/environment.ts';
import { isKnown } from '../src/probe.ts';

const options = { binary: 'codex', network: false, args: [] };
const probe = (stdout: string, surroundings = {}, login: object = {}, exit = {}) =>
  codex.probe(
    fakeHost(({ args }) => (args[0] === 'login' ? login : { stdout, exit }), surroundings),
    options,
  );

describe('probe', () => {
  test('tells the version, and whether it is one of those recorded', async () => {
    expect(await probe('codex-cli 0.169.0\n')).toMatchObject({ found: true, version: '0.169.0', known: true });
    expect(await probe('codex-cli 0.170.0-alpha.1\n')).toMatchObject({ version: '0.170.0-alpha.1', known: false });
    expect([isKnown('0.169.4'), isKnown('0.16.9'), isKnown('1.169.0')]).toEqual([true, false, false]);
  });

  test('absent, or something else of that name: an answer with a hint', async () => {
    const error = { code: 'not-found', message: 'no such program' } as const;
    const hint = expect.stringContaining('npm install');
    expect(await probe('', {}, {}, { error })).toMatchObject({ found: false, hint });
    expect(await probe('codex 2\n')).toMatchObject({ found: false, hint });
    expect(await probe('codex-cli 0.169.0\n', {}, {}, { code: 2 })).toMatchObject({ found: false });
  });

  test('signed in: by a variable, by what Codex says of itself, else as far as it can be told', async () => {
    const not = { exit: { code: 1 }, stderr: 'WARNING: x\nNot logged in\n' };
    const signedIn = async (surroundings: object, login: object) => {
      const found = await probe('codex-cli 0.169.0\n', surroundings, login);
      return found.found && found.signedIn;
    };
    expect(await signedIn({ env: { CODEX_API_KEY: 'k' } }, not)).toBe(true);
    expect(await signedIn({}, { stderr: 'Logged in using ChatGPT' })).toBe(true);
    expect(await signedIn({ env: { HOME: '/home/me', OPENAI_API_KEY: 'k' } }, not)).toBe(false);
    expect(await signedIn({}, { exit: { code: 2 }, stderr: 'error: unrecognized subcommand' })).toBeUndefined();
    const files = { '/home/me/.codex/config.toml': 'model = "x"\nmodel_provider = "mine"\n' };
    expect(await signedIn({ env: { HOME: '/home/me' }, files }, not)).toBeUndefined();
  });
});

test('the marks of a Codex that runs pawl are not handed on, and no key of another agent', () => {
  expect(environment.filter((name) => name.endsWith('*'))).toEqual([]);
  for (const name of ['CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED', 'CODEX_THREAD_ID', 'ANTHROPIC_API_KEY']) {
    expect(environment).not.toContain(name);
  }
  expect(environment).toEqual(expect.arrayContaining(['CODEX_HOME', 'CODEX_API_KEY']));
});
