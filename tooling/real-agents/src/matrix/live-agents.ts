import type { ChatTurn, GeminiTurn, ResponsesTurn, Turn } from '@pawl/fake-models';
import type { Json } from '@pawl/provider';
import { claude } from '@pawl/provider-claude';
import { codex } from '@pawl/provider-codex';
import { gemini } from '@pawl/provider-gemini';
import { opencode } from '@pawl/provider-opencode';
import { pi } from '@pawl/provider-pi';
import { qwen } from '@pawl/provider-qwen';
import {
  acpProvider,
  openClaudeAcpStage,
  openCodexAcpStage,
  openGeminiAcpStage,
  openOpenCodeAcpStage,
  openQwenAcpStage,
} from '../acp-stage.ts';
import { openCodexStage, shell } from '../codex-stage.ts';
import { openGeminiStage } from '../gemini-stage.ts';
import { openCodeModel, openOpenCodeStage } from '../opencode-stage.ts';
import { openPiStage, piModel } from '../pi-stage.ts';
import { openQwenStage } from '../qwen-stage.ts';
import { openStage } from '../stage.ts';
import type { LiveAgent } from './live-agent.ts';

const fallback = { text: 'Yes.' };
const hanging = { text: 'never ends, never ends', chunkSize: 5 } as const;
const asText = (value: Json) => `Here it is.\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\`\n`;

const anthropic = {
  say: (text: string): Turn => ({ text }),
  hang: (): Turn => ({ ...hanging, stopAfterFirstDelta: 'hang' }),
  command: (command: string): Turn => ({ tools: [{ name: 'Bash', input: { command } }] }),
};
const chat = (tool: string, more: object = {}) => ({
  say: (text: string): ChatTurn => ({ text }),
  hang: (): ChatTurn => ({ ...hanging, stopAfterFirstDelta: 'hang' }),
  command: (command: string): ChatTurn => ({ tools: [{ name: tool, input: { command, ...more } }] }),
  structured: (value: Json): readonly ChatTurn[] => [{ text: asText(value) }],
});
const google = {
  say: (text: string): GeminiTurn => ({ text }),
  hang: (): GeminiTurn => ({ ...hanging, stopAfterFirstChunk: 'hang' }),
  command: (command: string): GeminiTurn => ({ calls: [{ name: 'run_shell_command', args: { command } }] }),
  structured: (value: Json): readonly GeminiTurn[] => [{ text: asText(value) }],
};
const responses = {
  say: (text: string): ResponsesTurn => ({ text }),
  hang: (): ResponsesTurn => ({ ...hanging, stopAfterFirstDelta: 'hang' }),
  command: (line: string) => shell(line),
  structured: (value: Json): readonly ResponsesTurn[] => [{ text: JSON.stringify(value) }],
};

export const liveClaude: LiveAgent<Turn> = {
  ...anthropic,
  ...{ name: 'claude', provider: claude(), open: () => openStage({ fallback }) },
  structured: (value) => [
    { tools: [{ name: 'StructuredOutput', input: value as Readonly<Record<string, unknown>> }] },
    { text: 'Done.' },
  ],
};
export const liveCodex: LiveAgent<ResponsesTurn> = {
  ...responses,
  ...{ name: 'codex', provider: codex(), open: () => openCodexStage({ fallback }) },
};
export const liveGemini: LiveAgent<GeminiTurn> = {
  ...google,
  ...{ name: 'gemini', provider: gemini(), model: 'gemini-2.5-flash' },
  // As the adapter has it by itself, but for a clone below /tmp, from where Gemini CLI takes no settings.
  open: () => openGeminiStage({ fallback }, { sessionRetention: { enabled: false } }),
};
export const liveQwen: LiveAgent<ChatTurn> = {
  ...chat('run_shell_command', { is_background: false }),
  ...{ name: 'qwen', provider: qwen(), open: () => openQwenStage({ fallback }) },
  structured: (value) => [
    { tools: [{ name: 'structured_output', input: value as Readonly<Record<string, unknown>> }] },
    { text: 'Done.' },
  ],
};
export const liveOpenCode: LiveAgent<ChatTurn> = {
  ...chat('bash', { description: 'look' }),
  ...{ name: 'opencode', provider: opencode(), model: openCodeModel, open: () => openOpenCodeStage({ fallback }) },
};
export const livePi: LiveAgent<ChatTurn> = {
  ...chat('bash'),
  ...{ name: 'pi', provider: pi(), model: piModel, open: () => openPiStage({ fallback }) },
};

const acp = (profile: string) => ({ name: `acp (${profile})`, provider: acpProvider, options: { profile } });

export const liveAcpGemini: LiveAgent<GeminiTurn> = {
  ...google,
  ...acp('gemini'),
  ...{ model: 'gemini-2.5-flash', open: () => openGeminiAcpStage({ fallback }) },
};
export const liveAcpQwen: LiveAgent<ChatTurn> = {
  ...chat('run_shell_command', { is_background: false }),
  ...acp('qwen'),
  open: () => openQwenAcpStage({ fallback }),
};
export const liveAcpOpenCode: LiveAgent<ChatTurn> = {
  ...chat('bash', { description: 'look' }),
  ...acp('opencode'),
  open: () => openOpenCodeAcpStage({ fallback }),
};
export const liveAcpClaude: LiveAgent<Turn> = {
  ...anthropic,
  ...acp('claude-agent-acp'),
  open: () => openClaudeAcpStage({ fallback }),
  structured: (value) => [{ text: asText(value) }],
};
export const liveAcpCodex: LiveAgent<ResponsesTurn> = {
  ...responses,
  ...acp('codex-acp'),
  open: () => openCodexAcpStage({ fallback }),
};
