import { fakeHost } from '@pawl/provider-kit/testing';
import pi from '@pawl/provider-pi';
import { describe, expect, test } from 'vitest';
import { environment } from '../src/environment.ts';
import { sameModel } from '../src/models.ts';
import { isKnown } from '../src/probe.ts';

const options = { binary: 'pi', args: [] };

describe('probe', () => {
  const probe = (stdout: string, surroundings = {}, run = {}) =>
    pi.probe(
      fakeHost(() => ({ stdout, ...run }), surroundings),
      options,
    );

  test('tells the version, and whether it is one of those recorded', async () => {
    expect(await probe('1.5.2\n')).toMatchObject({ found: true, version: '1.5.2', known: true });
    expect(await probe('0.87.1\n')).toMatchObject({ found: true, known: false });
    expect([isKnown('1.5.1'), isKnown('1.5.3'), isKnown('1.6.0'), isKnown('2.0.0')]).toEqual([
      ...[false, true, true, false],
    ]);
  });

  test('absent, or something else of that name: an answer with a hint', async () => {
    const error = { code: 'not-found', message: 'no such program' } as const;
    expect(await probe('', {}, { exit: { error } })).toMatchObject({
      found: false,
      hint: expect.stringContaining('npm install'),
    });
    expect(await probe('pi, the game\n')).toMatchObject({ found: false });
    expect(await probe('1.2.3\n', {}, { exit: { code: 2 } })).toMatchObject({ found: false });
  });

  test('trap: it needs a newer Node, and says so at import', async () => {
    const stderr = "SyntaxError: 'node:module' does not provide an export named 'enableCompileCache'\n";
    expect(await probe('', {}, { stderr, exit: { code: 1 } })).toMatchObject({
      found: false,
      hint: expect.stringContaining('enableCompileCache'),
    });
  });

  test('signed in: by a key, an account, a model of its own, else it cannot be told', async () => {
    const signedIn = async (files: Record<string, string>, env: Record<string, string> = { HOME: '/home/me' }) => {
      const found = await probe('1.5.2\n', { env, files });
      return found.found && found.signedIn;
    };
    expect(await signedIn({}, { OPENAI_API_KEY: 'k' })).toBe(true);
    expect(await signedIn({}, { OPENAI_API_KEY: '' })).toBeUndefined();
    expect(await signedIn({ '/home/me/.pi/agent/auth.json': '{"anthropic":{}}' })).toBe(true);
    expect(await signedIn({ '/home/me/.pi/agent/auth.json': '{}' })).toBeUndefined();
    expect(await signedIn({ '/home/me/.pi/agent/auth.json': '{"half' })).toBeUndefined();
    const own = JSON.stringify({ providers: { mine: { apiKey: 'k' } } });
    expect(await signedIn({ '/home/me/.pi/agent/models.json': own })).toBe(true);
    expect(await signedIn({ '/conf/auth.json': '{"x":{}}' }, { PI_CODING_AGENT_DIR: '/conf' })).toBe(true);
    expect(await signedIn({})).toBeUndefined();
  });
});

describe('the model that answered', () => {
  test.each([
    ['fake/fake-text', 'fake/fake-text'],
    ['fake-text', 'fake/fake-text'],
    ['fake/fake-text:high', 'fake/fake-text'],
    ['FAKE/Fake-Text', 'fake/fake-text'],
    ['sonnet', 'anthropic/claude-sonnet-4-5'],
    ['sonnet:max', 'anthropic/claude-sonnet-4-5'],
    ['anthropic/sonnet', 'anthropic/claude-sonnet-4-5'],
    ['claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5-20250929'],
    ['anthropic/claude-sonnet-4-5', 'openrouter/anthropic/claude-sonnet-4-5'],
    ['gpt-5', 'openai/gpt-5-2026-01-31'],
  ])('%s may be %s', (asked, answered) => expect(sameModel(asked, answered)).toBe(true));

  test.each([
    ['fake/fake-tex', 'fake/fake-text'],
    ['gpt-5', 'openai/gpt-5-mini'],
    ['claude-sonnet-4', 'anthropic/claude-sonnet-4-5'],
    ['sonnet', 'anthropic/claude-opus-4-5'],
    ['anthropic/sonnet', 'bedrock/claude-sonnet-4-5'],
    ['son', 'anthropic/claude-sonnet-4-5'],
    ['', 'anthropic/claude'],
  ])('%s is not %s', (asked, answered) => expect(sameModel(asked, answered)).toBe(false));
});

test('the environment has no variable by which a Pi marks what it starts', () => {
  const handedOn = (name: string) =>
    environment.some((wanted) => (wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted));
  const marks = ['PI_SESSION_ID', 'PI_SESSION_FILE', 'PI_MODEL', 'PI_PROVIDER', 'PI_CODING_AGENT', 'AI_AGENT'];
  expect(marks.filter(handedOn)).toEqual([]);
  expect(['ANTHROPIC_API_KEY', 'PI_CODING_AGENT_DIR'].every(handedOn)).toBe(true);
  expect(environment.filter((name) => name.endsWith('*'))).toEqual([]);
});
