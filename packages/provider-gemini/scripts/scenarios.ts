import type { GeminiTurn } from '@pawl/fake-models';
import type { Access, AgentEvent, SessionRef, SessionStart } from '@pawl/provider';

export interface Scenario {
  readonly turns: readonly GeminiTurn[];
  readonly access?: Access;
  readonly model?: string;
  readonly prompt?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More of the user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The case whose folder, home and session it goes on with. */
  readonly after?: string;
  readonly start?: (before: SessionRef) => SessionStart;
  /** What the CLI itself has of the session behind it goes into `transcript.jsonl`, whole. */
  readonly kept?: true;
  /** Stopped at the first event of this type. */
  readonly stopAt?: AgentEvent['type'];
}

const shell = (command: string) => ({ name: 'run_shell_command', args: { command } });
const write = (file: string) => ({ name: 'write_file', args: { file_path: file, content: 'x\n' } });
const refused = (code: number, message: string, details: readonly object[] = []): GeminiTurn => ({
  refuse: { code, message, details: details.map((detail) => ({ ...detail })) },
});
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const done: GeminiTurn = { text: 'All done, in a sentence that comes in more than one piece.' };
const google = (name: string, more: object) => ({ '@type': `type.googleapis.com/google.rpc.${name}`, ...more });
const reading = ['cat a.txt', 'touch b.txt', 'git status --short', 'cat a.txt > c.txt', 'git diff --output=d.txt'];

export const scenarios: Readonly<Record<string, Scenario>> = {
  tools: {
    turns: [
      { thought: 'Let me think.', text: 'I will write it.', calls: [write('b.txt')], usage: { thoughts: 12 } },
      { calls: [shell('cat b.txt'), { name: 'read_file', args: { file_path: 'a.txt' } }] },
      done,
    ],
  },
  resume: { after: 'tools', start: (ref) => ({ kind: 'resume', ref }), turns: [done] },
  kept: {
    ...{ after: 'tools', start: (ref) => ({ kind: 'resume', ref }), kept: true },
    turns: [
      {
        ...{ thought: 'Once more.', text: 'I look.' },
        calls: [write('../outside.txt'), shell('exit 3'), { name: 'read_file', args: { file_path: 'none.txt' } }],
      },
      done,
    ],
  },
  continue: { after: 'tools', start: () => ({ kind: 'continue' }), turns: [done] },
  fork: { after: 'tools', start: (ref) => ({ kind: 'fork', ref }), turns: [done] },
  'chosen-id': { start: () => ({ kind: 'new', id: 'b9a1c7de-5a42-4c6e-8d5c-31f4a1c0ffee' }), turns: [done] },
  'slash-prompt': { prompt: '/stats is no command here', turns: [done] },
  'access-read-only': {
    access: 'read-only',
    turns: [{ calls: reading.map(shell) }, { calls: [write('e.txt')] }, done],
  },
  'access-read-only-plan': {
    access: 'read-only',
    turns: [
      { calls: [{ name: 'enter_plan_mode', args: { reason: 'to write' } }] },
      { calls: [{ name: 'exit_plan_mode', args: { plan_filename: 'plan.md' } }] },
      { calls: [write('e.txt')] },
      done,
    ],
  },
  'access-edit': {
    turns: [
      { calls: [shell('echo x > b.txt && wc -l < b.txt'), shell('rm -rf sub'), shell('echo $(date)')] },
      { calls: [write('../outside.txt'), write('inside.txt'), write('package.json')] },
      done,
    ],
  },
  'access-full': { access: 'full', turns: [{ calls: [shell('rm -rf sub'), write('Makefile')] }, done] },
  'model-alias': { model: 'flash', turns: [done] },
  'model-auto': { model: 'auto', turns: [done] },
  'model-other': { model: 'gemini-2.5-flash', turns: [{ ...done, model: 'gemini-2.5-pro' }] },
  'cut-stream': { turns: [{ ...done, chunkSize: 10, stopAfterFirstChunk: 'cut' }, done] },
  'error-not-signed-in': { env: { GEMINI_API_KEY: '' }, turns: [] },
  'error-403': { turns: [refused(403, 'Permission denied on resource project.')] },
  'error-404': { model: 'gemini-nope', turns: times(3, refused(404, 'models/gemini-nope is not found')) },
  'error-too-long': {
    turns: [refused(400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).')],
  },
  'error-503': { settings: { general: { maxAttempts: 1 } }, turns: times(3, refused(503, 'The model is overloaded.')) },
  'error-rate-limit': {
    settings: { general: { maxAttempts: 1 } },
    turns: times(3, refused(429, 'Slow down.', [google('RetryInfo', { retryDelay: '7s' })])),
  },
  'error-quota-day': {
    turns: times(
      3,
      refused(429, 'Quota exceeded.', [google('QuotaFailure', { violations: [{ quotaId: 'RequestsPerDay' }] })]),
    ),
  },
  'error-network': { settings: { general: { maxAttempts: 1 } }, turns: times(4, { refuse: 'close' } as const) },
  'safety-blocked': { turns: times(4, { finishReason: 'SAFETY' }) },
  'output-tokens': { turns: times(4, { text: 'cut off', finishReason: 'MAX_TOKENS' }) },
  'stopped-in-text': { stopAt: 'text-delta', turns: [{ ...done, chunkSize: 10, stopAfterFirstChunk: 'hang' }] },
  'stopped-in-tool': {
    stopAt: 'tool-call',
    turns: [{ text: 'Running.', calls: [shell('node -e "setInterval(() => {}, 1000)"')] }, done],
  },
};
