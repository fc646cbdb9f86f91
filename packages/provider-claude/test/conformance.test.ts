import claude from '@pawl/provider-claude';
import { testProvider } from '@pawl/provider-kit/testing';
import { liveSetup } from './live-setup.ts';

/** The path of a real `claude` runs the live part as well. */
const binary = process.env.PAWL_TEST_CLAUDE;

testProvider('provider-claude', {
  provider: claude,
  recordings: new URL('../recordings/', import.meta.url),
  readme: new URL('../README.md', import.meta.url),
  surroundings: {
    env: { HOME: '/home/me' },
    folders: {
      '/home/me/.claude/projects': ['-work'],
      '/home/me/.claude/projects/-work': ['0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11.jsonl'],
    },
  },
  cases: {
    'write-file': { kind: 'completed' },
    'bash-background': { kind: 'completed' },
    'max-turns': { kind: 'limited' },
    'max-budget': { kind: 'limited' },
    'error-401': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-403': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'unknown-model': { kind: 'failed', code: 'model-not-found', retryable: false },
    'rate-limit-429': { kind: 'failed', code: 'rate-limited', retryable: true },
    'overloaded-529': { kind: 'failed', code: 'overloaded', retryable: true },
    'error-500': { kind: 'failed', code: 'internal', retryable: true },
    'conn-closed': { kind: 'failed', code: 'network', retryable: true },
    'unknown-session': { kind: 'failed', code: 'session-not-found', retryable: false },
    'unknown-session-notuuid': { kind: 'failed', code: 'session-not-found', retryable: false },
    'session-persist-off-resume': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-session-at-unknown': { kind: 'failed', code: 'session-not-found', retryable: false },
    'killed-sigint': { kind: 'failed', code: 'crashed', retryable: true },
    'killed-sigterm': { kind: 'failed', code: 'crashed', retryable: true },
    'killed-sigkill': { kind: 'failed', code: 'crashed', retryable: true },
    'schema-kept': { kind: 'completed' },
    'access-full-root': { kind: 'failed', code: 'unsupported', retryable: false },
    'model-other': { kind: 'failed', code: 'wrong-model', retryable: false },
    refusal: { kind: 'refused' },
    'limit-output-tokens': { kind: 'limited' },
    'error-too-long': { kind: 'failed', code: 'context-too-long', retryable: false },
    'error-credit': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'error-billing': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'error-not-signed-in': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-rate-limit': { kind: 'failed', code: 'rate-limited', retryable: true },
    'stopped-in-tool': { kind: 'failed', code: 'crashed', retryable: true },
    'bad-flag': { kind: 'failed', code: 'protocol', retryable: false },
  },
  dangerous: [
    'acceptEdits',
    'bypassPermissions',
    '--dangerously-skip-permissions',
    '--allowedTools',
    'default',
    'auto',
  ],
  fake: { options: (binary) => ({ binary }), recording: 'streamed-tools' },
  ...(binary ? { live: await liveSetup(binary) } : {}),
});
