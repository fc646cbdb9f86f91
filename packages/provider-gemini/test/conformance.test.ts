import gemini from '@pawl/provider-gemini';
import { testProvider } from '@pawl/provider-kit/testing';
import { headless } from '../src/headless.ts';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const chats = '/home/me/.gemini/tmp/work/chats';
// Another one than the suite's own, which it also chooses for a new session.
const other = '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77';
const transcript = (sessionId: string) =>
  [
    { sessionId, lastUpdated: '2026-11-20T10:00:00.000Z', kind: 'main' },
    { id: 'm1', type: 'user', content: [{ text: 'hello' }] },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n');

testProvider('provider-gemini', {
  provider: gemini,
  recordings: new URL('../recordings/', import.meta.url),
  surroundings: {
    env: { HOME: '/home/me' },
    files: {
      [headless.readOnly]: '',
      '/home/me/.gemini/projects.json': JSON.stringify({ projects: { '/work': 'work', '/elsewhere': 'elsewhere' } }),
      [`${chats}/session-2026-11-20T09-31-${other.slice(0, 8)}.jsonl`]: transcript(other),
      [`/home/me/.gemini/tmp/elsewhere/chats/session-2026-11-20T09-31-${id.slice(0, 8)}.jsonl`]: transcript(id),
    },
    folders: {
      [chats]: [`session-2026-11-20T09-31-${other.slice(0, 8)}.jsonl`],
      '/home/me/.gemini/tmp/elsewhere/chats': [`session-2026-11-20T09-31-${id.slice(0, 8)}.jsonl`],
    },
  },
  cases: {
    'write-file': { kind: 'completed' },
    tools: { kind: 'completed' },
    'rate-limit-once-then-ok': { kind: 'completed' },
    'resume-after-kill': { kind: 'completed' },
    'max-turns': { kind: 'limited' },
    'safety-blocked': { kind: 'refused' },
    'empty-response': { kind: 'failed', code: 'internal', retryable: true },
    'thinking-only': { kind: 'failed', code: 'internal', retryable: true },
    'error-400': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-401': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-403': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-not-signed-in': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-404': { kind: 'failed', code: 'model-not-found', retryable: false },
    'error-too-long': { kind: 'failed', code: 'context-too-long', retryable: false },
    'error-503': { kind: 'failed', code: 'overloaded', retryable: true },
    'error-500-maxattempts2': { kind: 'failed', code: 'internal', retryable: true },
    'error-rate-limit': { kind: 'failed', code: 'rate-limited', retryable: true },
    'rate-limit-maxattempts2': { kind: 'failed', code: 'rate-limited', retryable: true },
    'error-quota-day': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'rate-limit-quota-daily': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'rate-limit-default-retries': { kind: 'failed', code: 'crashed', retryable: true },
    'error-network': { kind: 'failed', code: 'network', retryable: true },
    'cut-stream': { kind: 'failed', code: 'network', retryable: true },
    'model-other': { kind: 'failed', code: 'wrong-model', retryable: false },
    'unknown-session': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-short-id': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-other-cwd': { kind: 'failed', code: 'session-not-found', retryable: false },
    'failed-first-resume': { kind: 'failed', code: 'session-not-found', retryable: false },
    'session-file-missing': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-latest-empty-cwd': { kind: 'failed', code: 'wrong-session', retryable: false },
    'session-id-dup': { kind: 'failed', code: 'bad-option', retryable: false },
    'session-id-and-resume': { kind: 'failed', code: 'protocol', retryable: false },
    'killed-sigkill': { kind: 'completed' },
    'killed-sigterm-group': { kind: 'failed', code: 'crashed', retryable: true },
    'killed-norelaunch-sigint': { kind: 'failed', code: 'crashed', retryable: true },
    'killed-norelaunch-sigterm': { kind: 'failed', code: 'crashed', retryable: true },
    'stopped-in-text': { kind: 'failed', code: 'crashed', retryable: true },
  },
  dangerous: ['auto_edit', 'yolo', '--yolo', '-y', 'plan', 'run_shell_command', 'write_file'],
  fake: { options: (binary) => ({ binary }), recording: 'tools' },
});
