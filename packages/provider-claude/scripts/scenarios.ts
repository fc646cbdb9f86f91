import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Turn } from '@pawl/fake-models';
import type { Access, AgentEvent, SessionRef, SessionStart, TurnInput } from '@pawl/provider';

export interface Scenario {
  readonly turns: readonly Turn[];
  readonly access?: Access;
  readonly model?: string;
  readonly prompt?: string;
  readonly input?: Pick<TurnInput, 'limits' | 'outputSchema'>;
  readonly env?: Readonly<Record<string, string>>;
  /** The case whose folder, home and session it goes on with. */
  readonly after?: string;
  readonly start?: (before: { readonly session: SessionRef; readonly messageId: string }) => SessionStart;
  readonly prepare?: (place: string) => void;
  /** Stopped at the first event of this type. */
  readonly stopAt?: AgentEvent['type'];
}

const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const bash = (command: string) => ({ name: 'Bash', input: { command, description: command } });
const write = (file: string) => ({ name: 'Write', input: { file_path: file, content: 'x\n' } });
const refused = (status: number, type: string, message: string): Turn => ({ refuse: { status, type, message } });
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const done: Turn = { text: 'All done, in a sentence that comes in more than one piece.' };

/** Its settings let any command and any write pass. */
function generousUser(place: string): void {
  const folder = join(place, 'home', '.claude');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ permissions: { allow: ['Bash', 'Write', 'mcp__x'] } }));
}

const reading = { tools: ['cat a.txt', 'touch b.txt', 'git status > c.txt'].map(bash) };
const invalid = 'invalid_request_error';

export const scenarios: Readonly<Record<string, Scenario>> = {
  'streamed-tools': { turns: [{ thinking: 'Let me think.', text: 'I will write it.', tools: [write('b.txt')] }, done] },
  'streamed-resume': {
    after: 'streamed-tools',
    start: ({ session }) => ({ kind: 'resume', ref: session }),
    turns: [done],
  },
  'streamed-continue': { after: 'streamed-tools', start: () => ({ kind: 'continue' }), turns: [done] },
  'streamed-fork': { after: 'streamed-tools', start: ({ session }) => ({ kind: 'fork', ref: session }), turns: [done] },
  'streamed-fork-at': {
    after: 'streamed-tools',
    start: ({ session, messageId }) => ({ kind: 'fork', ref: session, at: messageId }),
    turns: [done],
  },
  'streamed-ephemeral': { start: () => ({ kind: 'ephemeral' }), turns: [done] },
  'streamed-chosen-id': { start: () => ({ kind: 'new', id: 'b9a1c7de-5a42-4c6e-8d5c-31f4a1c0ffee' }), turns: [done] },
  'streamed-long-prompt': { prompt: `${'word '.repeat(200_000)}end`, turns: [done] },
  'streamed-cut': { turns: [{ ...done, stopAfterFirstDelta: 'cut' }, done] },
  'streamed-error': {
    turns: [{ ...done, stopAfterFirstDelta: { type: 'overloaded_error', message: 'Overloaded' } }, done],
  },
  'streamed-parallel-tools': { turns: [{ tools: [bash('cat a.txt'), write('c.txt'), bash('ls no-such-file')] }, done] },
  'streamed-subagent': {
    turns: [
      { tools: [{ name: 'Agent', input: { description: 'sub', prompt: 'do it', subagent_type: 'general-purpose' } }] },
      { text: 'I am the sub-agent.', tools: [write('by-sub.txt')] },
      { text: 'Sub done.' },
      done,
      done,
    ],
  },
  'access-read-only': { access: 'read-only', turns: [reading, { tools: [write('d.txt')] }, done] },
  'access-read-only-generous-user': {
    access: 'read-only',
    prepare: generousUser,
    turns: [reading, { tools: [write('d.txt'), { name: 'Read', input: { file_path: 'a.txt' } }] }, done],
  },
  'access-edit': { turns: [{ tools: [bash('node -e 1'), write('../outside.txt'), write('inside.txt')] }, done] },
  'access-full-root': { access: 'full', turns: [done] },
  'access-full-sandbox': {
    access: 'full',
    env: { IS_SANDBOX: '1' },
    turns: [{ tools: [write('../outside.txt')] }, done],
  },
  'schema-kept': {
    input: { outputSchema: schema },
    turns: [{ tools: [{ name: 'StructuredOutput', input: { name: 'x' } }] }],
  },
  'schema-second-try': {
    access: 'read-only',
    input: { outputSchema: schema },
    turns: [
      { text: '{"name":"in the text"}' },
      { tools: [{ name: 'StructuredOutput', input: { nam: 'x' } }] },
      { tools: [{ name: 'StructuredOutput', input: { name: 'y' } }] },
    ],
  },
  'limit-turns': { input: { limits: { turns: 1 } }, turns: [{ text: 'First.', tools: [write('b.txt')] }, done] },
  'limit-cost': { input: { limits: { costUsd: 0.001 } }, turns: [{ text: 'First.', tools: [write('b.txt')] }, done] },
  'limit-output-tokens': { turns: times(8, { text: 'cut off', stopReason: 'max_tokens' }) },
  'model-alias': { model: 'haiku', turns: [done] },
  'model-million': { model: 'sonnet[1m]', turns: [done] },
  'model-plan': { model: 'opusplan', turns: [done] },
  'model-other': { model: 'sonnet', turns: [{ ...done, model: 'claude-opus-5-5' }] },
  refusal: { turns: times(4, { text: '', stopReason: 'refusal' }) },
  'error-too-long': { turns: [refused(400, invalid, 'prompt is too long: 210000 tokens > 200000 maximum')] },
  'error-credit': { turns: [refused(400, invalid, 'Your credit balance is too low to access the Anthropic API.')] },
  'error-not-signed-in': { env: { ANTHROPIC_API_KEY: '' }, turns: [] },
  'error-billing': { turns: times(3, refused(402, 'billing_error', 'payment required')) },
  'error-rate-limit': { turns: times(3, refused(429, 'rate_limit_error', 'slow down')) },
  'stopped-in-text': { stopAt: 'text-delta', turns: [{ ...done, stopAfterFirstDelta: 'hang' }] },
  'stopped-in-tool': {
    stopAt: 'tool-call',
    turns: [{ text: 'Running.', tools: [bash('node -e "setInterval(() => {}, 1000)"')] }, done],
  },
};
