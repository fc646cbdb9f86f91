import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatTurn } from '@pawl/fake-models';
import type { Access, AgentEvent, SessionRef, SessionStart } from '@pawl/provider';

export interface Scenario {
  readonly turns: readonly ChatTurn[];
  /** Answers what is asked without tools: the summary. */
  readonly side?: ChatTurn;
  readonly access?: Access;
  readonly model?: string;
  readonly prompt?: string;
  readonly args?: readonly string[];
  /** More of OpenCode's configuration. */
  readonly config?: object;
  /** The case whose home, folder and session it goes on with. */
  readonly after?: string;
  /** In another folder than that case. */
  readonly elsewhere?: boolean;
  readonly start?: (before: { readonly session: SessionRef; readonly messageId: string }) => SessionStart;
  readonly prepare?: (cwd: string) => void;
  /** Stopped at the first event of this type. */
  readonly stopAt?: AgentEvent['type'];
  readonly stopAfterMs?: number;
  /** `opencode export` of its session is kept, too. */
  readonly exported?: boolean;
}

const bash = (command: string) => ({ name: 'bash', input: { command, description: command } });
const write = (filePath: string) => ({ name: 'write', input: { filePath, content: 'x\n' } });
const refused = (status: number, message: string, code?: string): ChatTurn => ({
  refuse: { status, message, ...(code === undefined ? {} : { code }) },
});
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const done: ChatTurn = { text: 'All done, in a sentence that comes in more than one piece.' };
const outside = join('/tmp', 'pawl-record-opencode', 'outside.txt');
const tooLong = refused(400, "This model's maximum context length is 128000 tokens", 'context_length_exceeded');

/** A configuration in the folder that lets everything pass. */
function generousFolder(cwd: string): void {
  const permission = { '*': 'allow', bash: 'allow', edit: 'allow', external_directory: 'allow' };
  writeFileSync(join(cwd, 'opencode.json'), JSON.stringify({ permission, agent: { build: { permission } } }));
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  'own-tools': {
    exported: true,
    turns: [{ reasoning: 'Let me think.', text: 'I will write it.', tools: [write('b.txt')] }, done],
  },
  'own-resume': { after: 'own-tools', start: ({ session }) => ({ kind: 'resume', ref: session }), turns: [done] },
  'own-continue': { after: 'own-tools', start: () => ({ kind: 'continue' }), turns: [done] },
  'own-fork': { after: 'own-tools', start: ({ session }) => ({ kind: 'fork', ref: session }), turns: [done] },
  'own-fork-at': {
    after: 'own-tools',
    start: ({ session, messageId }) => ({ kind: 'fork', ref: session, at: messageId }),
    turns: [done],
  },
  'own-fork-elsewhere': {
    after: 'own-tools',
    elsewhere: true,
    start: ({ session }) => ({ kind: 'fork', ref: session }),
    turns: [done],
  },
  'own-ephemeral': { start: () => ({ kind: 'ephemeral' }), turns: [done] },
  'own-quotes': { prompt: 'say "hi" and `x` and $HOME', turns: [done] },
  'own-parallel-tools': { turns: [{ tools: [bash('cat a.txt'), write('c.txt'), bash('ls no-such-file')] }, done] },
  'own-compaction': {
    turns: [{ text: 'First.', tools: [bash('cat a.txt')], usage: { input: 127_000, output: 500, cacheRead: 0 } }, done],
  },
  'own-overflow': { turns: [tooLong, done] },
  'own-no-price': { model: 'fake/fake-free', turns: [done] },
  'own-no-usage': { turns: [{ ...done, withoutUsage: true }] },
  'own-sub-agent': {
    access: 'full',
    turns: [
      { tools: [{ name: 'task', input: { description: 'sub', prompt: 'do it', subagent_type: 'general' } }] },
      { text: 'I am the sub-agent.' },
      done,
    ],
  },
  'access-read-only': {
    access: 'read-only',
    prepare: generousFolder,
    turns: [
      { tools: [write('d.txt'), bash('touch e.txt'), { name: 'read', input: { filePath: 'a.txt' } }] },
      { tools: [{ name: 'task', input: { description: 's', prompt: 's', subagent_type: 'general' } }] },
      done,
    ],
  },
  'access-edit': {
    prepare: generousFolder,
    turns: [{ tools: [write(outside), write('inside.txt'), bash(`touch ${outside}`), bash('cat a.txt')] }, done],
  },
  'access-full': { access: 'full', turns: [{ tools: [write(outside)] }, done] },
  'access-asked': { config: { permission: { bash: 'ask' } }, turns: [{ tools: [bash('cat a.txt')] }, done] },
  'model-unknown': { model: 'fake/no-such-model', turns: [] },
  'model-bare': { model: 'fake-text', turns: [] },
  'limit-output-tokens': { turns: times(4, { text: 'cut off', finishReason: 'length' }) },
  refusal: { turns: times(4, { text: '', finishReason: 'content_filter' }) },
  'error-401': { turns: [refused(401, 'Incorrect API key provided')] },
  'error-403': { turns: [refused(403, 'Not allowed')] },
  'error-404': { turns: [refused(404, 'The model does not exist')] },
  'error-429': {
    turns: times(8, { refuse: { status: 429, message: 'Rate limit reached', headers: { 'retry-after': '1' } } }),
  },
  'error-too-long': { turns: times(4, tooLong), side: tooLong },
  'error-credit': { turns: times(8, refused(402, 'You have no credit left', 'insufficient_quota')) },
  'cut-then-ok': { turns: [{ ...done, stopAfterFirstDelta: 'cut' }, done] },
  'empty-prompt': { prompt: '', turns: [] },
  'unknown-session': { start: ({ session }) => ({ kind: 'resume', ref: session }), turns: [] },
  'bad-flag': { args: ['--no-such-flag'], turns: [] },
  'bad-config': { config: { permission: 'perhaps' }, turns: [] },
  'stopped-in-text': { stopAfterMs: 8_000, turns: [{ ...done, stopAfterFirstDelta: 'hang' }] },
  'stopped-in-tool': { stopAfterMs: 10_000, turns: [{ text: 'Running.', tools: [bash('sleep 300')] }, done] },
};
