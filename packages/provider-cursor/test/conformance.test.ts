import cursor from '@pawl/provider-cursor';
import { testProvider } from '@pawl/provider-kit/testing';

testProvider('provider-cursor', {
  provider: cursor,
  recordings: new URL('../recordings/', import.meta.url),
  options: { binary: 'cursor-agent', args: [] },
  readme: new URL('../README.md', import.meta.url),
  dangerous: ['--force', '-f', '--yolo', '--approve-mcps'],
  cases: {
    'documented-tools': { kind: 'completed' },
    'documented-usage-apart': { kind: 'completed' },
    'documented-no-usage': { kind: 'completed' },
    'documented-rejected-shell': { kind: 'completed' },
    'documented-failed-shell': { kind: 'completed' },
    'documented-plan': { kind: 'completed' },
    'documented-resume': { kind: 'completed' },
    'documented-resume-other': { kind: 'failed', code: 'wrong-session', retryable: false },
    'documented-error-result': { kind: 'failed', code: 'internal', retryable: false },
    'documented-no-result': { kind: 'failed', code: 'crashed', retryable: true },
    'documented-not-signed-in': { kind: 'failed', code: 'not-signed-in', retryable: false },
    'documented-no-trust': { kind: 'failed', code: 'protocol', retryable: false },
  },
  fake: { options: (binary) => ({ binary, args: [] }), recording: 'documented-tools' },
});
