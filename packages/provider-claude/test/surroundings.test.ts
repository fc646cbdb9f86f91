import claude from '@pawl/provider-claude';
import { fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { environment } from '../src/environment.ts';
import { sameModel } from '../src/models.ts';
import { isKnown } from '../src/probe.ts';
import { readRules } from '../src/rules.ts';

const options = { binary: 'claude', args: [] };

describe('probe', () => {
  const probe = (stdout: string, surroundings = {}, exit = {}) =>
    claude.probe(
      fakeHost(() => ({ stdout, exit }), surroundings),
      options,
    );

  test('tells the version, and whether it is one of those recorded', async () => {
    expect(await probe('2.1.328 (Claude Code)\n')).toMatchObject({ found: true, version: '2.1.328', known: true });
    expect(await probe('3.0.0 (Claude Code)\n')).toMatchObject({ found: true, known: false });
    expect([isKnown('2.1.327'), isKnown('2.1.400'), isKnown('2.2.0'), isKnown('1.9.999')]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('absent, or something else of that name: an answer with a hint', async () => {
    const error = { code: 'not-found', message: 'no such program' } as const;
    expect(await probe('', {}, { error })).toMatchObject({
      found: false,
      hint: expect.stringContaining('npm install'),
    });
    expect(await probe('GNU claude\n')).toMatchObject({ found: false });
    expect(await probe('1.2.3\n', {}, { code: 2 })).toMatchObject({ found: false });
  });

  test('signed in: by a key, by its file, else it cannot be told', async () => {
    const signedIn = async (surroundings: object) => {
      const found = await probe('2.1.328\n', surroundings);
      return found.found && found.signedIn;
    };
    expect(await signedIn({ env: { ANTHROPIC_API_KEY: 'k' } })).toBe(true);
    expect(await signedIn({ env: { ANTHROPIC_API_KEY: '' } })).toBeUndefined();
    const folders = { '/home/me/.claude': ['.credentials.json'] };
    expect(await signedIn({ env: { HOME: '/home/me' }, folders })).toBe(true);
    expect(await signedIn({ env: { HOME: '/home/me' } })).toBeUndefined();
  });
});

describe('what settings files allow', () => {
  const rules = (files: Record<string, unknown>) => {
    const texts = Object.entries(files).map(([path, value]) => [
      path,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const env = { HOME: '/home/me' };
    return readRules(
      '/shop',
      env,
      fakeHost(() => ({}), { env, files: Object.fromEntries(texts) }),
    );
  };
  const allow = (...list: readonly unknown[]) => ({ permissions: { allow: list } });

  test.each<[string, Record<string, unknown>, boolean, boolean]>([
    ['no file', {}, false, false],
    ['none of them', { '/home/me/.claude/settings.json': { model: 'opus' } }, false, false],
    ['reading', { '/shop/.claude/settings.json': allow('Read(//etc/**)', 'WebFetch') }, false, false],
    ['a command', { '/home/me/.claude/settings.json': allow('Bash(npm run test:*)') }, true, false],
    ['a server', { '/shop/.claude/settings.local.json': allow('mcp__files') }, false, true],
    ['everything', { '/shop/.claude/settings.json': allow('*') }, true, true],
    ['what cannot be read', { '/shop/.claude/settings.json': '{ // comment\n "permissions": {} }' }, true, true],
    ['a rule of another shape', { '/shop/.claude/settings.json': allow({ tool: 'Bash' }) }, true, true],
    ['an empty file', { '/shop/.claude/settings.json': ' \n' }, false, false],
  ])('%s', async (_, files, commands, servers) => {
    expect(await rules(files)).toEqual({ commands, servers });
  });
});

describe('the model that answered', () => {
  test.each([
    ['opus', 'claude-opus-5-5', true],
    ['opus', 'claude-sonnet-5-5', false],
    ['opus[1m]', 'claude-opus-5-5', true],
    ['sonnet', 'us.anthropic.claude-sonnet-5-5-20260101-v1:0', true],
    ['opusplan', 'claude-sonnet-5-5', true],
    ['opusplan', 'claude-haiku-5-5', false],
    ['claude-sonnet-4-6', 'claude-sonnet-4-6-20250514', true],
    ['claude-sonnet-4-6-20250514', 'claude-sonnet-4-6', true],
    ['claude-sonnet-4-6', 'claude-sonnet-4-5', false],
    ['claude-opus-5-5', 'us.anthropic.claude-opus-5-5', true],
    ['default', 'claude-opus-5-5', true],
    ['constructor', 'claude-opus-5-5', false],
  ])('%s by %s: %s', (asked, answered, same) => {
    expect(sameModel(asked, answered, { env: {} })).toBe(same);
  });

  test('an alias that the user has given to another model', () => {
    const env = { ANTHROPIC_DEFAULT_OPUS_MODEL: 'acme-large' };
    expect(sameModel('opus', 'acme-large', { env })).toBe(true);
    expect(sameModel('sonnet', 'acme-large', { env })).toBe(false);
  });

  test('a gateway has names of its own, but not of our models', () => {
    const env = { ANTHROPIC_BASE_URL: 'http://gateway' };
    expect(sameModel('opus', 'glm-9', { env })).toBe(true);
    expect(sameModel('opus', 'claude-haiku-5-5', { env })).toBe(false);
  });
});

test('the marks of a session that runs pawl are not handed on', () => {
  const reaches = (name: string) =>
    environment.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  expect(
    ['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SSE_PORT', 'CLAUDE_CODE_SESSION_ID'].filter(reaches),
  ).toEqual([]);
  expect(['AWS_SECRET_ACCESS_KEY', 'OPENAI_API_KEY', 'GITHUB_TOKEN'].filter(reaches)).toEqual([]);
  expect(reaches('ANTHROPIC_API_KEY') && reaches('CLAUDE_CONFIG_DIR')).toBe(true);
});
