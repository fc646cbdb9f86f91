import type { ChatTurn } from '@pawl/fake-models';
import type { Access, AgentEvent, SessionRef, SessionStart, TurnInput } from '@pawl/provider';

export interface Scenario {
  readonly turns: readonly ChatTurn[];
  readonly access?: Access;
  readonly model?: string;
  readonly prompt?: string;
  readonly input?: Pick<TurnInput, 'limits' | 'outputSchema'>;
  readonly env?: Readonly<Record<string, string>>;
  /** The user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The case whose folder, home and session it goes on with. */
  readonly after?: string;
  readonly start?: (before: SessionRef) => SessionStart;
  /** What the CLI itself has of the session behind it goes into `transcript.jsonl`, whole. */
  readonly kept?: true;
  /** Stopped at the first event of this type. */
  readonly stopAt?: AgentEvent['type'];
}

const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const shell = (command: string) => ({ name: 'run_shell_command', input: { command, is_background: false } });
const write = (file: string) => ({ name: 'write_file', input: { file_path: file, content: 'x\n' } });
/** Where the scenarios work; its file tools take absolute paths only. */
export const place = '/tmp/pawl-record-qwen';
const refused = (status: number, message: string, code?: string): ChatTurn => ({
  refuse: { status, message, headers: { 'retry-after-ms': '5' }, ...(code === undefined ? {} : { code, type: code }) },
});
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const done: ChatTurn = { text: 'All done, in a sentence that comes in more than one piece.' };
const reading = ['cat a.txt', 'touch b.txt', 'git status --short', 'cat a.txt > c.txt', 'ls | wc -l', 'find . -delete'];

export const scenarios: Readonly<Record<string, Scenario>> = {
  tools: {
    turns: [
      { reasoning: 'Let me think.', text: 'I will write it.', tools: [write(`${place}/tools/repository/b.txt`)] },
      { tools: [shell('cat b.txt'), shell('exit 3')] },
      done,
    ],
  },
  resume: { after: 'tools', start: (ref) => ({ kind: 'resume', ref }), turns: [done] },
  kept: {
    ...{ after: 'tools', start: (ref) => ({ kind: 'resume', ref }), kept: true },
    turns: [
      {
        ...{ reasoning: 'Once more.', text: 'I look.' },
        tools: [
          write(`${place}/outside.txt`),
          shell('exit 3'),
          { name: 'read_file', input: { file_path: `${place}/tools/repository/none.txt` } },
        ],
      },
      done,
    ],
  },
  continue: { after: 'tools', start: () => ({ kind: 'continue' }), turns: [done] },
  fork: { after: 'tools', start: (ref) => ({ kind: 'fork', ref }), turns: [done] },
  ephemeral: { start: () => ({ kind: 'ephemeral' }), turns: [done] },
  'chosen-id': { start: () => ({ kind: 'new', id: 'b9a1c7de-5a42-4c6e-8d5c-31f4a1c0ffee' }), turns: [done] },
  'chosen-id-again': {
    after: 'chosen-id',
    start: () => ({ kind: 'new', id: 'b9a1c7de-5a42-4c6e-8d5c-31f4a1c0ffee' }),
    turns: [],
  },
  'slash-prompt': { prompt: '/stats is no command here', turns: [done] },
  subagent: {
    turns: [
      { tools: [{ name: 'agent', input: { description: 'sub', prompt: 'do it', subagent_type: 'general-purpose' } }] },
      { text: 'I am the sub-agent.', tools: [shell('echo by-sub')] },
      { text: 'Sub done.' },
      done,
      done,
    ],
  },
  'access-read-only': {
    access: 'read-only',
    turns: [{ tools: reading.map(shell) }, { tools: [write(`${place}/access-read-only/repository/d.txt`)] }, done],
  },
  'access-read-only-generous-user': {
    access: 'read-only',
    settings: { permissions: { allow: ['Bash', 'Edit', 'Write'] } },
    turns: [{ tools: reading.map(shell) }, { tools: [write(`${place}/access-read-only-generous-user/d.txt`)] }, done],
  },
  'access-edit': {
    turns: [
      {
        tools: [
          write(`${place}/access-edit/outside.txt`),
          write(`${place}/access-edit/repository/inside.txt`),
          shell('echo x > b.txt && rm -rf sub'),
        ],
      },
      done,
    ],
  },
  'access-full': { access: 'full', turns: [{ tools: [write(`${place}/access-full/outside.txt`)] }, done] },
  'schema-kept': {
    access: 'read-only',
    input: { outputSchema: schema },
    turns: [
      { text: 'Hm.', tools: [{ name: 'structured_output', input: { nam: 'x' } }] },
      { tools: [{ name: 'structured_output', input: { name: 'y' } }] },
    ],
  },
  'schema-in-text': {
    access: 'read-only',
    input: { outputSchema: schema },
    turns: [{ text: '{"name":"in the text"}' }],
  },
  'limit-turns': { input: { limits: { turns: 1 } }, turns: [{ text: 'First.', tools: [shell('ls')] }, done] },
  'model-other': { model: 'qwen3-coder-plus', turns: [{ ...done, model: 'something-else' }] },
  'cut-stream': { turns: [{ ...done, chunkSize: 10, stopAfterFirstDelta: 'cut' }, done, done] },
  'output-tokens': { turns: [{ text: 'cut off', finishReason: 'length' }, done, done] },
  'empty-answer': { turns: times(12, { text: '' }) },
  'error-not-signed-in': { env: { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', OPENAI_MODEL: '' }, turns: [] },
  'error-403': { turns: [refused(403, 'Access denied.')] },
  'error-too-long': {
    turns: times(3, refused(400, "This model's maximum context length is 131072 tokens.", 'context_length_exceeded')),
  },
  'error-quota': { turns: times(8, refused(429, 'You exceeded your current quota.', 'insufficient_quota')) },
  'error-rate-limit': { turns: times(8, refused(429, 'Rate limit reached for requests')) },
  'error-503': { turns: times(8, refused(503, 'The model is overloaded.')) },
  'stopped-in-text': { stopAt: 'text-delta', turns: [{ ...done, chunkSize: 10, stopAfterFirstDelta: 'hang' }] },
  'stopped-in-tool': {
    stopAt: 'tool-call',
    turns: [{ text: 'Running.', tools: [shell('node -e "setInterval(() => {}, 1000)"')] }, done],
  },
};
