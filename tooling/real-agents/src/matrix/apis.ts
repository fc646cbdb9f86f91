import type { ChatTurn, GeminiTurn, ResponsesTurn, Turn } from '@pawl/fake-models';
import type { Json } from '@pawl/provider';
import { patch, shell } from '../codex-stage.ts';
import type { LiveAgent, RefusedStatus } from './live-agent.ts';

/** What the models of one API are made to answer, whatever the agent's tools are called. */
type Answers<Turn> = Pick<LiveAgent<Turn>, 'say' | 'hang' | 'cut' | 'refuse' | 'fail'>;
type Tools<Turn> = Pick<LiveAgent<Turn>, 'write' | 'command' | 'served' | 'structured'>;

const hanging = { text: 'never ends, never ends', chunkSize: 5 } as const;
const broken = { text: 'part one, part two', chunkSize: 9 } as const;
const asText = (value: Json) => `Here it is.\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\`\n`;
const messages: Readonly<Record<RefusedStatus, string>> = {
  401: 'Incorrect API key provided.',
  429: 'Rate limit reached, slow down.',
  503: 'The server is busy.',
};

const anthropicTypes = { 401: 'authentication_error', 429: 'rate_limit_error', 503: 'overloaded_error' } as const;

export const anthropic: Answers<Turn> & Omit<Tools<Turn>, 'structured'> = {
  say: (text) => ({ text }),
  hang: () => ({ ...hanging, stopAfterFirstDelta: 'hang' }),
  cut: () => ({ ...broken, stopAfterFirstDelta: 'cut' }),
  refuse: (status) => ({
    refuse: { status, type: anthropicTypes[status], message: messages[status], headers: { 'retry-after': '1' } },
  }),
  fail: () => ({ refuse: { status: 500, type: 'api_error', message: 'The server had an error.' } }),
  write: (path, line) => ({ tools: [{ name: 'Write', input: { file_path: path, content: `${line}\n` } }] }),
  command: (command) => ({ tools: [{ name: 'Bash', input: { command, description: 'run' } }] }),
  served: (server, tool) => ({ tools: [{ name: `mcp__${server}__${tool}`, input: {} }] }),
};

interface ChatTools {
  readonly command: string;
  readonly more?: object;
  readonly write: string;
  /** What the tool that writes calls the path. */
  readonly path: string;
  /** What it calls the tool of a server. */
  readonly served?: (server: string, tool: string) => string;
}

export const chat = (tools: ChatTools): Answers<ChatTurn> & Tools<ChatTurn> => ({
  say: (text) => ({ text }),
  hang: () => ({ ...hanging, stopAfterFirstDelta: 'hang' }),
  cut: () => ({ ...broken, stopAfterFirstDelta: 'cut' }),
  refuse: (status) => ({ refuse: { status, message: messages[status], headers: { 'retry-after-ms': '5' } } }),
  fail: () => ({ refuse: { status: 500, message: 'The server had an error.' } }),
  write: (path, line) => ({ tools: [{ name: tools.write, input: { [tools.path]: path, content: `${line}\n` } }] }),
  command: (command) => ({ tools: [{ name: tools.command, input: { command, ...tools.more } }] }),
  served: (server, tool) => ({
    tools: [{ name: tools.served?.(server, tool) ?? `mcp__${server}__${tool}`, input: {} }],
  }),
  structured: (value) => [{ text: asText(value) }],
});

export const google: Answers<GeminiTurn> & Tools<GeminiTurn> = {
  say: (text) => ({ text }),
  hang: () => ({ ...hanging, stopAfterFirstChunk: 'hang' }),
  cut: () => ({ ...broken, stopAfterFirstChunk: 'cut' }),
  refuse: (code) => ({ refuse: { code, message: messages[code] } }),
  fail: () => ({ refuse: { code: 500, message: 'The server had an error.' } }),
  write: (path, line) => ({ calls: [{ name: 'write_file', args: { file_path: path, content: `${line}\n` } }] }),
  command: (command) => ({ calls: [{ name: 'run_shell_command', args: { command } }] }),
  served: (server, tool) => ({ calls: [{ name: `mcp_${server}_${tool}`, args: {} }] }),
  structured: (value) => [{ text: asText(value) }],
};

export const responses: Answers<ResponsesTurn> & Tools<ResponsesTurn> = {
  say: (text) => ({ text }),
  hang: () => ({ ...hanging, stopAfterFirstDelta: 'hang' }),
  cut: () => ({ ...broken, stopAfterFirstDelta: 'cut' }),
  refuse: (status) => ({ refuse: { status, message: messages[status] } }),
  fail: () => ({ refuse: { status: 500, message: 'The server had an error.' } }),
  write: (path, line) => patch(path, line),
  command: (line) => shell(line),
  served: (server, tool) => ({ tools: [{ name: tool, namespace: `mcp__${server}`, input: {} }] }),
  structured: (value) => [{ text: JSON.stringify(value) }],
};

/** Through a tool of the agent's own, and a last word. */
export const byTool =
  (name: string) =>
  (value: Json): readonly (Turn & ChatTurn)[] => [
    { tools: [{ name, input: value as Readonly<Record<string, unknown>> }] },
    { text: 'Done.' },
  ];

export const inText = (value: Json): readonly { readonly text: string }[] => [{ text: asText(value) }];
