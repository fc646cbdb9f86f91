import { testProvider } from '@pawl/provider-kit/testing';
import qwen from '@pawl/provider-qwen';

const other = '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77';
const chats = '/home/me/.qwen/projects/-work/chats';
const transcript = { type: 'user', provenance: 'real_user', cwd: '/work', message: { parts: [{ text: 'hello' }] } };

testProvider('provider-qwen', {
  provider: qwen,
  recordings: new URL('../recordings/', import.meta.url),
  surroundings: {
    env: { HOME: '/home/me' },
    files: { [`${chats}/${other}.jsonl`]: JSON.stringify(transcript) },
    folders: { [chats]: [`${other}.jsonl`] },
  },
  cases: {
    'write-file': { kind: 'completed' },
    tools: { kind: 'completed' },
    'rate-limit-once-then-ok': { kind: 'completed' },
    'conn-closed-mid': { kind: 'completed' },
    'cut-stream': { kind: 'completed' },
    'max-tokens-finish': { kind: 'completed' },
    'failed-first-resume': { kind: 'completed' },
    'resume-after-kill': { kind: 'completed' },
    'schema-kept': { kind: 'completed' },
    'schema-in-text': { kind: 'completed' },
    'max-turns': { kind: 'limited' },
    'limit-turns': { kind: 'limited' },
    'hang-idle': { kind: 'failed', code: 'internal', retryable: false },
    'empty-answer': { kind: 'failed', code: 'internal', retryable: true },
    'error-400': { kind: 'failed', code: 'internal', retryable: false },
    'error-401': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-403': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'error-not-signed-in': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'unknown-model-404': { kind: 'failed', code: 'model-not-found', retryable: false },
    'error-too-long': { kind: 'failed', code: 'context-too-long', retryable: false },
    'error-503': { kind: 'failed', code: 'overloaded', retryable: true },
    'rate-limit': { kind: 'failed', code: 'rate-limited', retryable: true },
    'error-rate-limit': { kind: 'failed', code: 'rate-limited', retryable: true },
    'error-quota': { kind: 'failed', code: 'quota-exhausted', retryable: false },
    'rate-limit-default-retries': { kind: 'failed', code: 'crashed', retryable: true },
    'unknown-session': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-not-uuid': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-other-cwd': { kind: 'failed', code: 'session-not-found', retryable: false },
    'resume-subdir': { kind: 'failed', code: 'session-not-found', retryable: false },
    'chosen-id-again': { kind: 'failed', code: 'bad-option', retryable: false },
    'empty-prompt': { kind: 'failed', code: 'bad-option', retryable: false },
    'fork-alone': { kind: 'failed', code: 'protocol', retryable: false },
    'killed-sigkill': { kind: 'completed' },
    'killed-sigterm': { kind: 'completed' },
    'killed-sigterm-group': { kind: 'failed', code: 'crashed', retryable: true },
    'killed-direct-sigterm': { kind: 'failed', code: 'crashed', retryable: true },
    'stopped-in-text': { kind: 'failed', code: 'crashed', retryable: true },
  },
  dangerous: ['auto-edit', 'auto', 'yolo', '--yolo', '-y', 'run_shell_command', 'Edit(./**)', 'WriteFile(./**)'],
  fake: { options: (binary) => ({ binary }), recording: 'tools' },
});
