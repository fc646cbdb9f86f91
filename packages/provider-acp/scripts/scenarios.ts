import type { ChatTurn, GeminiTurn } from '@pawl/fake-models';
import type { Access, AgentEvent, SessionRef, SessionStart } from '@pawl/provider';

interface Common {
  readonly access?: Access;
  readonly model?: string;
  /** The case whose folder, home and session it goes on with. */
  readonly after?: string;
  readonly start?: (session: SessionRef) => SessionStart;
  /** Stopped at the first event of this type. */
  readonly stopAt?: AgentEvent['type'];
}
export type Scenario =
  | (Common & { readonly profile: 'gemini'; readonly turns: readonly GeminiTurn[] })
  | (Common & { readonly profile: 'qwen' | 'opencode'; readonly turns: readonly ChatTurn[] });

const resume = (ref: SessionRef): SessionStart => ({ kind: 'resume', ref });
const unknown = (ref: SessionRef): SessionStart => resume({ ...ref, id: '11111111-2222-4333-8444-555555555555' });
const done = { text: 'All done, in a sentence that comes in more than one piece.' };
const gemini = { profile: 'gemini' as const, model: 'gemini-2.5-flash' };
const qwen = { profile: 'qwen' as const };
const opencode = { profile: 'opencode' as const };
const outside = '/tmp/pawl-outside.txt';

const geminiWrite = (file_path: string) => ({ name: 'write_file', args: { file_path, content: 'x\n' } });
const geminiShell = (command: string) => ({ name: 'run_shell_command', args: { command } });
const qwenWrite = (file_path: string) => ({ name: 'write_file', input: { file_path, content: 'x\n' } });
const write = (filePath: string) => ({ name: 'write', input: { filePath, content: 'x\n' } });
const bash = (command: string) => ({ name: 'bash', input: { command, description: 'run' } });

export const scenarios: Readonly<Record<string, Scenario>> = {
  'gemini-tools': {
    ...gemini,
    turns: [
      { thought: 'A file.', text: 'I write.', calls: [geminiWrite('a.txt')] },
      { calls: [geminiShell('touch b.txt')] },
      done,
    ],
  },
  'gemini-outside': {
    ...gemini,
    turns: [{ calls: [geminiWrite(outside)] }, { calls: [geminiShell('touch b.txt')] }, done],
  },
  'gemini-read-only': { ...gemini, access: 'read-only', turns: [{ calls: [geminiWrite('a.txt')] }, done] },
  'gemini-401': { ...gemini, turns: [{ refuse: { code: 401, message: 'API key not valid.' } }] },
  'gemini-429': { ...gemini, turns: [{ refuse: { code: 429, message: 'Too many requests.' } }] },
  'gemini-session-unknown': { ...gemini, turns: [], start: unknown },
  'gemini-stopped': { ...gemini, stopAt: 'text-delta', turns: [{ ...done, stopAfterFirstChunk: 'hang' }] },
  'qwen-denied': { ...qwen, turns: [{ tools: [qwenWrite(outside)] }, done] },
  'qwen-continue-none': { ...qwen, start: () => ({ kind: 'continue' }), turns: [] },
  'qwen-session-unknown': { ...qwen, turns: [], start: unknown },
  'opencode-tools': {
    ...opencode,
    turns: [{ reasoning: 'A file.', text: 'I write.', tools: [write('a.txt')] }, { tools: [bash('ls')] }, done],
  },
  'opencode-denied': { ...opencode, turns: [{ tools: [write(outside)] }, done] },
  'opencode-read-only': { ...opencode, access: 'read-only', turns: [{ tools: [write('a.txt')] }, done] },
  'opencode-resume': { ...opencode, after: 'opencode-tools', start: resume, turns: [done] },
  'opencode-fork': { ...opencode, after: 'opencode-tools', start: (ref) => ({ kind: 'fork', ref }), turns: [done] },
  'opencode-continue': { ...opencode, after: 'opencode-tools', start: () => ({ kind: 'continue' }), turns: [done] },
  'opencode-model': { ...opencode, model: 'fake/other', turns: [done] },
  'opencode-model-unknown': { ...opencode, model: 'fake/nowhere', turns: [] },
  'opencode-length': { ...opencode, turns: [{ ...done, finishReason: 'length' }] },
  'opencode-401': { ...opencode, turns: [{ refuse: { status: 401, message: 'Incorrect API key provided.' } }] },
  'opencode-session-unknown': { ...opencode, turns: [], start: unknown },
  'opencode-stopped-in-tool': { ...opencode, stopAt: 'tool-call', turns: [{ tools: [bash('sleep 60')] }] },
};
