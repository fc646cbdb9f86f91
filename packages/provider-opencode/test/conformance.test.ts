import { testProvider } from '@pawl/provider-kit/testing';
import opencode from '@pawl/provider-opencode';
import { liveSetup } from './live-setup.ts';

/** The path of a real `opencode` (by that name) runs the live part as well. */
const binary = process.env.PAWL_TEST_OPENCODE;

const failed = (
  code: Parameters<typeof fail>[0],
  retryable = ['internal', 'network', 'rate-limited', 'crashed'].includes(code),
) => fail(code, retryable);
function fail(
  code:
    | 'bad-option'
    | 'context-too-long'
    | 'crashed'
    | 'internal'
    | 'model-not-found'
    | 'network'
    | 'not-signed-in'
    | 'protocol'
    | 'quota-exhausted'
    | 'rate-limited'
    | 'session-not-found'
    | 'unsupported',
  retryable: boolean,
) {
  return { kind: 'failed', code, retryable } as const;
}

testProvider('provider-opencode', {
  provider: opencode,
  recordings: new URL('../recordings/', import.meta.url),
  surroundings: { env: { HOME: '/home/me' } },
  cases: {
    'new-write': { kind: 'completed' },
    'new-multi': { kind: 'completed' },
    'new-length': { kind: 'limited' },
    'err-404': failed('model-not-found'),
    'err-500': failed('internal'),
    'err-unknown-agent': failed('unsupported'),
    'err-no-message': failed('bad-option'),
    'sigterm-stream': failed('crashed'),
    'sigint-tool': failed('crashed'),
    'resume-other-dir': failed('crashed'),
    'own-tools': { kind: 'completed' },
    'own-compaction': { kind: 'completed' },
    'own-overflow': { kind: 'completed' },
    'access-edit': { kind: 'completed' },
    'access-asked': failed('unsupported'),
    'model-unknown': failed('model-not-found'),
    'model-bare': failed('model-not-found'),
    'limit-output-tokens': { kind: 'limited' },
    refusal: { kind: 'refused' },
    'error-401': failed('not-signed-in'),
    'error-403': failed('not-signed-in'),
    'error-404': failed('model-not-found'),
    'error-429': failed('rate-limited'),
    'error-too-long': failed('context-too-long'),
    'error-credit': failed('quota-exhausted'),
    'empty-prompt': failed('bad-option'),
    'bad-flag': failed('protocol'),
    'bad-config': failed('bad-option'),
    'stopped-in-text': failed('crashed'),
  },
  dangerous: ['--auto', 'build'],
  fake: { options: (file) => ({ binary: file }), recording: 'own-tools' },
  ...(binary ? { live: await liveSetup(binary) } : {}),
});
