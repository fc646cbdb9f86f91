import codex from '@pawl/provider-codex';
import { testProvider } from '@pawl/provider-kit/testing';

// Codex tells a time by the local clock.
process.env.TZ = 'UTC';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const day = '/home/me/.codex/sessions/2026/11/20';
const rollout = `rollout-2026-11-20T09-00-00-${id}.jsonl`;
const meta = { timestamp: '2026-11-20T09:00:00.000Z', ordinal: 0, type: 'session_meta', payload: { id, cwd: '/work' } };

testProvider('provider-codex', {
  provider: codex,
  recordings: new URL('../recordings/', import.meta.url),
  surroundings: {
    env: { HOME: '/home/me' },
    folders: {
      '/home/me/.codex/sessions': ['2026'],
      '/home/me/.codex/sessions/2026': ['11'],
      '/home/me/.codex/sessions/2026/11': ['20'],
      [day]: [rollout],
    },
    files: { [`${day}/${rollout}`]: `${JSON.stringify(meta)}\n` },
  },
  cases: {
    'new-tools': { kind: 'completed' },
    'resume-own': { kind: 'completed' },
    'continue-own': { kind: 'completed' },
    'fork-own': { kind: 'completed' },
    'command-not-waited-for': { kind: 'completed' },
    'model-unknown': { kind: 'completed' },
    'retry-rate-limit': { kind: 'completed' },
    'retry-cut': { kind: 'completed' },
    'failed-cut': { kind: 'failed', code: 'network', retryable: true },
    'failed-closed': { kind: 'failed', code: 'network', retryable: true },
    'failed-401': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-401': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'failed-403': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'no-key': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'failed-rate-limit': { kind: 'failed', code: 'rate-limited', retryable: true },
    'rate-limit-429': { kind: 'failed', code: 'rate-limited', retryable: true },
    'failed-rate-limit-in-stream': { kind: 'failed', code: 'rate-limited', retryable: true },
    'failed-plan': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'failed-plan-until': { kind: 'failed', code: 'quota-exhausted', retryable: true },
    'usage-limit-429': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'failed-credit': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'failed-500': { kind: 'failed', code: 'internal', retryable: true },
    'default-retries-500': { kind: 'failed', code: 'internal', retryable: true },
    'failed-502': { kind: 'failed', code: 'internal', retryable: true },
    'failed-in-stream': { kind: 'failed', code: 'internal', retryable: true },
    'failed-capacity': { kind: 'failed', code: 'overloaded', retryable: true },
    'failed-model': { kind: 'failed', code: 'model-not-found', retryable: false },
    'failed-400': { kind: 'failed', code: 'internal', retryable: false },
    'failed-schema': { kind: 'failed', code: 'bad-option', retryable: false },
    'failed-context': { kind: 'failed', code: 'context-too-long', retryable: false },
    'context-length': { kind: 'failed', code: 'context-too-long', retryable: false },
    'refused-policy': { kind: 'refused' },
    'refused-filter': { kind: 'refused' },
    'limited-output': { kind: 'limited' },
    incomplete: { kind: 'limited' },
    'no-network': { kind: 'failed', code: 'network', retryable: true },
    'session-unknown': { kind: 'failed', code: 'session-not-found', retryable: false },
    'fork-unknown': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-archived': { kind: 'failed', code: 'session-not-found', retryable: false },
    'unknown-session-name': { kind: 'failed', code: 'wrong-session', retryable: false },
    'concurrent-resume-2': { kind: 'failed', code: 'unsupported', retryable: true },
    'flag-unknown': { kind: 'failed', code: 'protocol', retryable: false },
    'config-broken': { kind: 'failed', code: 'bad-option', retryable: false },
    'prompt-empty': { kind: 'failed', code: 'bad-option', retryable: false },
    'killed-sigint': { kind: 'failed', code: 'crashed', retryable: true },
    'killed-sigterm': { kind: 'failed', code: 'crashed', retryable: true },
    'killed-sigkill': { kind: 'failed', code: 'crashed', retryable: true },
    'stopped-in-tool': { kind: 'failed', code: 'crashed', retryable: true },
    'sigterm-during-retry': { kind: 'failed', code: 'crashed', retryable: true },
    'stdin-open-never-closed': { kind: 'failed', code: 'crashed', retryable: true },
  },
  dangerous: [
    'workspace-write',
    'danger-full-access',
    '--dangerously-bypass-approvals-and-sandbox',
    '--approve-for-me',
    '--add-dir',
    'sandbox_workspace_write.network_access=true',
  ],
  fake: { options: (binary) => ({ binary }), recording: 'write-file' },
});
