import { testProvider } from '@pawl/provider-kit/testing';
import pi from '@pawl/provider-pi';
import { liveSetup } from './live-setup.ts';

/** The path of a real `pi` runs the live part as well. */
const binary = process.env.PAWL_TEST_PI;

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const folder = '/home/me/.pi/agent/sessions/--work--';
const file = `2026-01-02T00-00-00-000Z_${id}.jsonl`;
const said = (own: string, parentId: string | null, role: string) => ({
  ...{ type: 'message', id: own, parentId },
  message: { role, content: [] },
});
// To be forked at message `id`, and yet not in the way of a new session of that id.
const forkable = [{ type: 'session', id: 'another' }, said('u', null, 'user'), said(id, 'u', 'assistant')];
const lines = [...forkable, said('v', id, 'user'), said('w', 'v', 'assistant')].map((line) => JSON.stringify(line));

const sudden = (code: 'internal' | 'network' | 'overloaded' | 'rate-limited' | 'crashed') =>
  ({ kind: 'failed', code, retryable: true }) as const;
const final = (code: Parameters<typeof failed>[0]) => failed(code);
function failed(
  code:
    | 'not-signed-in'
    | 'model-not-found'
    | 'quota-exhausted'
    | 'context-too-long'
    | 'session-not-found'
    | 'wrong-session'
    | 'wrong-model'
    | 'bad-option'
    | 'protocol',
) {
  return { kind: 'failed', code, retryable: false } as const;
}

testProvider('provider-pi', {
  provider: pi,
  recordings: new URL('../recordings/', import.meta.url),
  surroundings: {
    env: { HOME: '/home/me' },
    folders: { [folder]: [file] },
    files: { [`${folder}/${file}`]: lines.join('\n') },
  },
  cases: {
    'new-write': { kind: 'completed' },
    'v0871-new-write': { kind: 'completed' },
    'err-flaky': { kind: 'completed' },
    'err-429': sudden('rate-limited'),
    'no-retry': sudden('internal'),
    'err-unknown-model': { kind: 'completed' },
    'err-unknown-model2': final('model-not-found'),
    'err-unknown-provider': final('model-not-found'),
    'err-unknown-session-path': final('wrong-session'),
    'err-no-message': final('bad-option'),
    'err-conflict': final('protocol'),
    'resume-partial-id': final('wrong-session'),
    'resume-other-cwd': final('session-not-found'),
    'new-length': { kind: 'limited' },
    'sigterm-stream': sudden('crashed'),
    'sigterm-tool': sudden('crashed'),
    'sigint-stream': sudden('crashed'),
    'sigint-tool': sudden('crashed'),
    'sigint-tool-group': sudden('crashed'),
    'own-tools': { kind: 'completed' },
    'own-compaction': { kind: 'completed' },
    'own-overflow': { kind: 'completed' },
    'own-cut': { kind: 'completed' },
    'own-cut-for-good': sudden('network'),
    'own-no-answer': sudden('network'),
    'access-edit': { kind: 'completed' },
    'limit-output-tokens': { kind: 'limited' },
    refusal: { kind: 'refused' },
    'model-piece': final('wrong-model'),
    'model-unknown': final('model-not-found'),
    'error-401': final('not-signed-in'),
    'error-403': final('not-signed-in'),
    'error-404': final('model-not-found'),
    'error-429': sudden('rate-limited'),
    'error-500': sudden('internal'),
    'error-503': sudden('overloaded'),
    'error-too-long': final('context-too-long'),
    'error-credit': final('quota-exhausted'),
    'error-not-signed-in': final('not-signed-in'),
    'error-extension': final('bad-option'),
    'empty-prompt': final('bad-option'),
    'unknown-session': final('session-not-found'),
    'bad-flag': final('protocol'),
  },
  dangerous: ['bash', 'edit', 'write', '--approve', '-a'],
  fake: { options: (binary) => ({ binary }), recording: 'own-tools' },
  ...(binary ? { live: await liveSetup(binary) } : {}),
});
