import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatTurn } from '@pawl/fake-models';
import type { Access, AgentEvent, SessionRef, SessionStart } from '@pawl/provider';

export interface Scenario {
  readonly turns: readonly ChatTurn[];
  readonly access?: Access;
  readonly model?: string;
  readonly prompt?: string;
  readonly args?: readonly string[];
  /** No model provider is configured. */
  readonly signedOut?: boolean;
  /** The case whose folder, home and session it goes on with. */
  readonly after?: string;
  readonly start?: (before: { readonly session: SessionRef; readonly messageId: string }) => SessionStart;
  readonly prepare?: (place: string) => void;
  /** Stopped at the first event of this type. */
  readonly stopAt?: AgentEvent['type'];
}

const bash = (command: string) => ({ name: 'bash', input: { command } });
const write = (path: string) => ({ name: 'write', input: { path, content: 'x\n' } });
const refused = (status: number, message: string, code?: string): ChatTurn => ({
  refuse: { status, message, ...(code === undefined ? {} : { code }) },
});
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const done: ChatTurn = { text: 'All done, in a sentence that comes in more than one piece.' };
const tooLong = refused(400, "This model's maximum context length is 128000 tokens", 'context_length_exceeded');
const full = { input: 127_000, output: 500, cacheRead: 0 };

export const scenarios: Readonly<Record<string, Scenario>> = {
  'own-tools': { turns: [{ reasoning: 'Let me think.', text: 'I will write it.', tools: [write('b.txt')] }, done] },
  'own-resume': { after: 'own-tools', start: ({ session }) => ({ kind: 'resume', ref: session }), turns: [done] },
  'own-continue': { after: 'own-tools', start: () => ({ kind: 'continue' }), turns: [done] },
  'own-fork': { after: 'own-tools', start: ({ session }) => ({ kind: 'fork', ref: session }), turns: [done] },
  'own-fork-at': {
    after: 'own-tools',
    start: ({ session, messageId }) => ({ kind: 'fork', ref: session, at: messageId }),
    turns: [done],
  },
  'own-ephemeral': { start: () => ({ kind: 'ephemeral' }), turns: [done] },
  'own-chosen-id': { start: () => ({ kind: 'new', id: 'b9a1c7de-5a42-4c6e-8d5c-31f4a1c0ffee' }), turns: [done] },
  'own-long-prompt': { prompt: `${'word '.repeat(2_000)}end`, turns: [done] },
  'own-parallel-tools': { turns: [{ tools: [bash('cat a.txt'), write('c.txt'), bash('ls no-such-file')] }, done] },
  'own-cut': { turns: [{ ...done, stopAfterFirstDelta: 'cut' }, done] },
  'own-cut-for-good': { turns: times(3, { ...done, stopAfterFirstDelta: 'cut' }) },
  'own-error-in-stream': {
    turns: [{ ...done, stopAfterFirstDelta: { type: 'server_error', message: 'Overloaded' } }, done],
  },
  'own-no-answer': { turns: times(3, { refuse: 'close' }) },
  'own-compaction-before': { prompt: 'word '.repeat(400), turns: [done, done] },
  'own-compaction': {
    after: 'own-compaction-before',
    start: ({ session }) => ({ kind: 'resume', ref: session }),
    turns: [{ text: 'First.', tools: [bash('cat a.txt')], usage: full }, done],
  },
  'own-overflow': {
    after: 'own-compaction-before',
    start: ({ session }) => ({ kind: 'resume', ref: session }),
    turns: [tooLong, done],
  },
  'own-no-price': { model: 'fake/fake-free', turns: [done] },
  'own-no-usage': { turns: [{ ...done, withoutUsage: true }] },
  'own-effort': { model: 'fake/fake-text:high', turns: [done] },
  'access-read-only': {
    access: 'read-only',
    turns: [{ tools: [write('d.txt'), bash('touch e.txt'), { name: 'read', input: { path: 'a.txt' } }] }, done],
  },
  'access-edit': { turns: [{ tools: [write('../outside.txt'), write('inside.txt'), bash('cat a.txt')] }, done] },
  'access-full': { access: 'full', turns: [{ tools: [write('../outside.txt')] }, done] },
  'model-piece': { model: 'fake/fake-tex', turns: [done] },
  'model-unknown': { model: 'nobody/nothing', turns: [] },
  'limit-output-tokens': { turns: times(4, { text: 'cut off', finishReason: 'length' }) },
  refusal: { turns: times(4, { text: '', finishReason: 'content_filter' }) },
  'error-401': { turns: [refused(401, 'Incorrect API key provided')] },
  'error-403': { turns: [refused(403, 'Not allowed')] },
  'error-404': { turns: [refused(404, 'The model does not exist')] },
  'error-429': { turns: times(3, refused(429, 'Rate limit reached')) },
  'error-500': { turns: times(3, refused(500, 'The server had an error')) },
  'error-503': { turns: times(3, refused(503, 'The server is overloaded')) },
  'error-too-long': {
    turns: times(3, tooLong),
  },
  'error-credit': { turns: times(3, refused(429, 'You exceeded your current quota', 'insufficient_quota')) },
  'error-not-signed-in': { signedOut: true, turns: [] },
  'error-extension': {
    args: ['--extension', '../broken.ts'],
    prepare: (place) => writeFileSync(join(place, 'broken.ts'), 'throw new Error("broken")\n'),
    turns: [],
  },
  'empty-prompt': { prompt: ' \n ', turns: [] },
  'unknown-session': {
    start: ({ session }) => ({ kind: 'resume', ref: session }),
    turns: [],
  },
  'bad-flag': { args: ['--no-such-flag'], turns: [] },
  'stopped-in-text': { stopAt: 'text-delta', turns: [{ ...done, stopAfterFirstDelta: 'hang' }] },
  'stopped-in-tool': { stopAt: 'tool-call', turns: [{ text: 'Running.', tools: [bash('sleep 300')] }, done] },
  'stopped-in-retry': { stopAt: 'retry-notice', turns: times(3, refused(500, 'The server had an error')) },
};
