import { testProvider } from '@pawl/provider-kit/testing';
import script from '@pawl/provider-script';

testProvider('provider-script', {
  provider: script,
  recordings: new URL('../recordings/', import.meta.url),
  readme: new URL('../README.md', import.meta.url),
  options: { command: ['node', 'agent.mjs'] },
  cases: {
    'plain-text': { kind: 'completed' },
    events: { kind: 'completed' },
    silent: { kind: 'completed' },
    'wrong-session': { kind: 'failed', code: 'wrong-session', retryable: false },
    'fork-went-on': { kind: 'failed', code: 'wrong-session', retryable: false },
    crash: { kind: 'failed', code: 'crashed', retryable: true },
    'rate-limited': { kind: 'failed', code: 'rate-limited', retryable: true },
    killed: { kind: 'failed', code: 'crashed', retryable: true },
  },
  fake: { options: (file) => ({ command: [file] }), recording: 'events' },
});
