import { fakeHost } from '@pawl/provider-kit/testing';
import opencode from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';
import { dataFolder, environment } from '../src/environment.ts';
import { isKnown } from '../src/probe.ts';

const options = { binary: 'opencode', args: [] };

describe('probe', () => {
  const probe = (stdout: string, surroundings = {}, exit = {}) =>
    opencode.probe(
      fakeHost(() => ({ stdout, exit }), surroundings),
      options,
    );

  test('tells the version, and whether it is one of those recorded', async () => {
    expect(await probe('1.18.33\n')).toMatchObject({ found: true, version: '1.18.33', known: true });
    expect(await probe('2.0.0\n')).toMatchObject({ found: true, known: false });
    expect([isKnown('1.18.32'), isKnown('1.18.40'), isKnown('1.19.0'), isKnown('1.2.15')]).toEqual([
      ...[false, true, true, false],
    ]);
  });

  test('absent, or something else of that name: an answer with a hint', async () => {
    const error = { code: 'not-found', message: 'no such program' } as const;
    expect(await probe('', {}, { error })).toMatchObject({
      found: false,
      hint: expect.stringContaining('npm install'),
    });
    expect(await probe('a wrapper whose install script never ran\n', {}, { code: 1 })).toMatchObject({ found: false });
    expect(await probe('1.18.33\n', {}, { code: 2 })).toMatchObject({ found: false });
  });

  test('signed in: by a key, by an account, else it cannot be told', async () => {
    const signedIn = async (surroundings: object) => {
      const found = await probe('1.18.33\n', surroundings);
      return found.found && found.signedIn;
    };
    const env = { HOME: '/home/me' };
    const auth = (text: string) => ({ '/home/me/.local/share/opencode/auth.json': text });
    expect(await signedIn({ env: { OPENAI_API_KEY: 'k' } })).toBe(true);
    expect(await signedIn({ env, files: auth('{"anthropic":{}}') })).toBe(true);
    expect(await signedIn({ env, files: auth('{}') })).toBeUndefined();
    expect(await signedIn({ env, files: auth('{"half') })).toBeUndefined();
    expect(await signedIn({ env })).toBeUndefined();
  });
});

test('its folder follows XDG', () => {
  expect(dataFolder({ HOME: '/h', XDG_DATA_HOME: '/d' })).toBe('/d/opencode');
  expect(dataFolder({ HOME: '/h' })).toBe('/h/.local/share/opencode');
  expect(dataFolder({})).toBeUndefined();
});

test('the environment has no variable by which an OpenCode tells of itself, widens or is widened', () => {
  const handedOn = (name: string) =>
    environment.some((wanted) => (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted));
  const marks = ['OPENCODE', 'OPENCODE_PID', 'OPENCODE_CLIENT', 'OPENCODE_SERVER_PASSWORD', 'OPENCODE_PERMISSION'];
  expect([...marks, 'OPENCODE_AUTO_SHARE', 'OPENCODE_CONSOLE_TOKEN'].filter(handedOn)).toEqual([]);
  expect(['ANTHROPIC_API_KEY', 'OPENCODE_CONFIG', 'OPENCODE_DISABLE_CLAUDE_CODE'].every(handedOn)).toBe(true);
});
