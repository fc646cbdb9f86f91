import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResponsesHttpError, ResponsesTurn } from '@pawl/fake-models';
import type { Access, AgentEvent, SessionRef, SessionStart, TurnInput } from '@pawl/provider';

export interface Scenario {
  readonly turns: readonly ResponsesTurn[];
  readonly access?: Access;
  readonly model?: string;
  readonly prompt?: string;
  readonly input?: Pick<TurnInput, 'outputSchema'>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: that of the scripted model. */
  readonly baseUrl?: string;
  /** The case whose folder, home and session it goes on with. */
  readonly after?: string;
  readonly start?: (session: SessionRef) => SessionStart;
  readonly prepare?: (place: string) => void;
  /** More lines of the configuration. */
  readonly config?: string;
  /** Stopped at the first event of this type. */
  readonly stopAt?: AgentEvent['type'];
}

const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const shell = (cmd: string, more: object = {}) => ({ name: 'exec_command', input: { cmd, ...more } });
const patch = (file: string) => ({
  name: 'apply_patch',
  input: `*** Begin Patch\n*** Add File: ${file}\n+hello\n*** End Patch\n`,
});
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const refused = (status: number, more: Partial<ResponsesHttpError> = {}): readonly ResponsesTurn[] =>
  times(4, { refuse: { status, message: 'fake reason', ...more } });
const done: ResponsesTurn = { text: 'All done, in a sentence that comes in more than one piece.' };
const broken = (code: string): ResponsesTurn => ({
  text: 'Half a',
  stopAfterFirstDelta: { code, message: 'fake reason' },
});
const resume = (session: SessionRef): SessionStart => ({ kind: 'resume', ref: session });

/** A server with one tool. */
const server = `import { createInterface } from 'node:readline';
const say = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'notes', version: '1' } });
  } else if (method === 'tools/list') say(id, { tools: [{ name: 'say', inputSchema: { type: 'object' } }] });
  else if (method === 'tools/call') say(id, { content: [{ type: 'text', text: 'said' }] });
  else if (id !== undefined) say(id, {});
});
`;
const notes = (place: string) => writeFileSync(join(place, 'server.mjs'), server);
const notesConfig = '[mcp_servers.notes]\ncommand = "node"\nargs = ["../server.mjs"]\n';
const callNotes = { tools: [{ name: 'say', namespace: 'mcp__notes', input: { words: 'hello' } }] };

function rules(place: string, text = 'prefix_rule(pattern=["touch"], decision="allow")\n'): void {
  const folder = join(place, 'home', '.codex', 'rules');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'default.rules'), text);
}

function forbidding(place: string): void {
  const push = 'prefix_rule(pattern=["git", "push"], decision="forbidden")\n';
  rules(place, `${push}prefix_rule(pattern=["npm"], decision="prompt")\n`);
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  'new-tools': {
    turns: [
      { reasoning: 'Let me think.', text: 'I will write it.', tools: [patch('b.txt')] },
      { tools: [shell('cat b.txt')] },
      done,
    ],
  },
  'resume-own': { after: 'new-tools', start: resume, turns: [done] },
  'continue-own': { after: 'new-tools', start: () => ({ kind: 'continue' }), turns: [done] },
  'fork-own': { after: 'new-tools', start: (ref) => ({ kind: 'fork', ref }), turns: [done] },
  'resume-other-model': {
    after: 'new-tools',
    start: resume,
    model: 'gpt-6.1-sol',
    turns: [{ text: 'A summary.' }, done],
  },
  'ephemeral-own': { start: () => ({ kind: 'ephemeral' }), turns: [{ tools: [shell('cat a.txt')] }, done] },
  'long-prompt': { prompt: `${'word '.repeat(200_000)}end`, turns: [done] },
  'access-read-only': {
    access: 'read-only',
    prepare: (place) => rules(place),
    turns: [{ tools: [shell('cat a.txt'), shell('touch b.txt'), shell('ls none')] }, { tools: [patch('c.txt')] }, done],
  },
  'access-edit-outside': {
    turns: [
      { tools: [shell('touch /etc/pawl-none')] },
      { tools: [patch('/etc/pawl-none')] },
      { tools: [patch('in.txt')] },
      done,
    ],
  },
  'access-edit-refused': {
    prepare: forbidding,
    turns: [
      { tools: [shell('touch in.txt', { sandbox_permissions: 'require_escalated', justification: 'because' })] },
      { tools: [shell('git push')] },
      { tools: [shell('npm install')] },
      done,
    ],
  },
  'access-full': { access: 'full', turns: [{ tools: [shell('true')] }, done] },
  'patch-broken': { turns: [{ tools: [{ name: 'apply_patch', input: 'no patch' }] }, done] },
  'mcp-denied': { prepare: notes, config: notesConfig, turns: [callNotes, done] },
  'mcp-approved': {
    prepare: notes,
    config: `${notesConfig}default_tools_approval_mode = "approve"\n`,
    turns: [callNotes, done],
  },
  'mcp-switched-off': {
    access: 'read-only',
    prepare: notes,
    config: `${notesConfig}default_tools_approval_mode = "approve"\n`,
    turns: [callNotes, done],
  },
  'compaction-auto': {
    turns: [{ tools: [shell('true')], usage: { input: 250_000 } }, { text: 'A summary.' }, done],
  },
  'command-not-waited-for': { turns: [{ tools: [shell('sleep 30', { yield_time_ms: 250 })] }, done] },
  'schema-kept': { input: { outputSchema: schema }, turns: [{ text: '{"name":"x"}' }] },
  'schema-broken': { input: { outputSchema: schema }, turns: [{ text: 'No, thank you.' }] },
  'model-unknown': { model: 'gpt-nope-9', turns: [done] },
  'retry-rate-limit': { turns: [...refused(429, { headers: { 'retry-after': '1' } }).slice(0, 1), done] },
  'retry-cut': { turns: [{ ...done, stopAfterFirstDelta: 'cut' }, done] },
  'failed-cut': { turns: times(4, { ...done, stopAfterFirstDelta: 'cut' }) },
  'failed-closed': { turns: times(9, { refuse: 'close' }) },
  'failed-401': { turns: refused(401) },
  'failed-403': { turns: refused(403) },
  'failed-rate-limit': { turns: refused(429) },
  'failed-rate-limit-in-stream': {
    turns: times(4, {
      text: 'x',
      stopAfterFirstDelta: { code: 'rate_limit_exceeded', message: 'Please try again in 0.5s.' },
    }),
  },
  'failed-plan': { turns: refused(429, { type: 'usage_limit_reached', more: { plan_type: 'plus' } }) },
  'failed-plan-until': {
    turns: refused(429, {
      type: 'usage_limit_reached',
      more: { plan_type: 'plus', resets_at: Math.floor(Date.now() / 1_000) + 273_840 },
    }),
  },
  'failed-credit': { turns: refused(429, { type: 'insufficient_quota' }) },
  'failed-500': { turns: refused(500) },
  'failed-502': { turns: refused(502) },
  'failed-capacity': { turns: refused(503, { code: 'server_is_overloaded' }) },
  'failed-model': { turns: refused(404, { code: 'model_not_found', message: 'The model `gpt-5.5` does not exist' }) },
  'failed-400': { turns: refused(400) },
  'failed-schema': {
    input: { outputSchema: schema },
    turns: refused(400, {
      code: 'invalid_json_schema',
      message: "Invalid schema for response_format 'codex_output_schema'",
    }),
  },
  'failed-context': { turns: [broken('context_length_exceeded')] },
  'failed-in-stream': { turns: times(4, broken('server_error')) },
  'refused-policy': { turns: [broken('cyber_policy')] },
  'refused-filter': { turns: times(4, { text: 'Half', incomplete: 'content_filter' }) },
  'limited-output': { turns: [{ text: 'Half', incomplete: 'max_output_tokens' }] },
  'no-key-own': { env: { FAKE_MODEL_KEY: '' }, turns: [] },
  'no-network': { baseUrl: 'http://127.0.0.1:1/v1', turns: [] },
  'session-unknown': { start: resume, turns: [] },
  'fork-unknown': { start: (ref) => ({ kind: 'fork', ref }), turns: [] },
  'flag-unknown': { args: ['--no-such-flag'], turns: [] },
  'config-broken': { args: ['-c', 'model_providers.fake.wire_api="chat"'], turns: [] },
  'prompt-empty': { prompt: '', turns: [] },
  'stopped-in-text': {
    stopAt: 'text-end',
    turns: [{ text: 'Running.', tools: [shell('sleep 30', { yield_time_ms: 30_000 })] }, done],
  },
  'stopped-in-tool': { stopAt: 'tool-call', turns: [{ tools: [shell('sleep 30', { yield_time_ms: 30_000 })] }, done] },
};
