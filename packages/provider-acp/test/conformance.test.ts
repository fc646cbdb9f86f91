import acp from '@pawl/provider-acp';
import { acpReply, testProvider } from '@pawl/provider-kit/testing';

testProvider('provider-acp', {
  provider: acp,
  recordings: new URL('../recordings/', import.meta.url),
  options: { profile: 'opencode', args: [], modes: {}, environment: [], mcpServers: [] },
  surroundings: { reply: acpReply({ modes: ['build', 'plan'] }) },
  readme: new URL('../README.md', import.meta.url),
  cases: {
    'gemini-tools': { kind: 'completed' },
    'gemini-outside': { kind: 'completed' },
    'gemini-read-only': { kind: 'completed' },
    'gemini-401': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'gemini-429': { kind: 'failed', code: 'rate-limited', retryable: true },
    'gemini-session-unknown': { kind: 'failed', code: 'session-not-found', retryable: false },
    'qwen-denied': { kind: 'completed' },
    'qwen-continue-none': { kind: 'failed', code: 'session-not-found', retryable: false },
    'qwen-session-unknown': { kind: 'failed', code: 'session-not-found', retryable: false },
    'opencode-tools': { kind: 'completed' },
    'opencode-denied': { kind: 'completed' },
    'opencode-read-only': { kind: 'completed' },
    'opencode-resume': { kind: 'completed' },
    'opencode-fork': { kind: 'completed' },
    'opencode-continue': { kind: 'completed' },
    'opencode-model': { kind: 'completed' },
    'opencode-model-unknown': { kind: 'failed', code: 'model-not-found', retryable: false },
    'opencode-length': { kind: 'completed' },
    'opencode-401': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'opencode-session-unknown': { kind: 'failed', code: 'session-not-found', retryable: false },
  },
  fake: { options: (file) => ({ profile: 'opencode', command: [file] }), recording: 'opencode-tools' },
});
