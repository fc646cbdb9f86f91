import type { ChatTurn, GeminiTurn, ResponsesTurn, Turn } from '@pawl/fake-models';
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
import { openCodexStage } from '../codex-stage.ts';
import { manyRetries } from '../environment.ts';
import { openGeminiStage } from '../gemini-stage.ts';
import { openCodeModel, openOpenCodeStage } from '../opencode-stage.ts';
import { openPiStage, piModel } from '../pi-stage.ts';
import { openQwenStage } from '../qwen-stage.ts';
import { openStage } from '../stage.ts';
import { anthropic, byTool, chat, google, inText, responses } from './apis.ts';
import type { LiveAgent } from './live-agent.ts';

const fallback = { text: 'Yes.' };
const qwenTools = chat({
  ...{ command: 'run_shell_command', more: { is_background: false } },
  ...{ write: 'write_file', path: 'file_path' },
});
const openCodeTools = chat({
  ...{ command: 'bash', more: { description: 'look' }, write: 'write', path: 'filePath' },
  served: (server, tool) => `${server}_${tool}`,
});
const geminiRetries = (retries: 'many' | undefined) => (retries === 'many' ? {} : { maxAttempts: 1 });

export const liveClaude: LiveAgent<Turn> = {
  ...anthropic,
  ...{ name: 'claude', provider: claude(), structured: byTool('StructuredOutput'), namesServers: true },
  open: ({ retries, ...script } = {}) => openStage({ fallback, ...script }, retries && manyRetries),
};
export const liveCodex: LiveAgent<ResponsesTurn> = {
  ...responses,
  ...{ name: 'codex', provider: codex() },
  open: (script) => openCodexStage({ fallback, ...script }),
};
export const liveGemini: LiveAgent<GeminiTurn> = {
  ...google,
  ...{ name: 'gemini', provider: gemini(), model: 'gemini-2.5-flash' },
  // As the adapter has it by itself, but for a clone below /tmp, from where Gemini CLI takes no settings.
  open: ({ retries, ...script } = {}) =>
    openGeminiStage({ fallback, ...script }, { sessionRetention: { enabled: false }, ...geminiRetries(retries) }),
};
export const liveQwen: LiveAgent<ChatTurn> = {
  ...qwenTools,
  ...{ name: 'qwen', provider: qwen(), structured: byTool('structured_output'), namesServers: true },
  open: ({ retries: _, ...script } = {}) => openQwenStage({ fallback, ...script }),
};
export const liveOpenCode: LiveAgent<ChatTurn> = {
  ...openCodeTools,
  ...{ name: 'opencode', provider: opencode(), model: openCodeModel, setsUpAlone: true },
  open: ({ retries: _, ...script } = {}) => openOpenCodeStage({ fallback, ...script }),
};
export const livePi: LiveAgent<ChatTurn> = {
  ...chat({ command: 'bash', write: 'write', path: 'path' }),
  ...{ name: 'pi', provider: pi(), model: piModel },
  open: ({ retries, ...script } = {}) => openPiStage({ fallback, ...script }, retries ? { retry: {} } : {}),
};

const acp = (profile: string) => ({
  ...{ name: `acp (${profile})`, provider: acpProvider, options: { profile } },
  // With `edit` a call that names no path in the folder is denied.
  serverAccess: 'full' as const,
});

export const liveAcpGemini: LiveAgent<GeminiTurn> = {
  ...google,
  ...acp('gemini'),
  model: 'gemini-2.5-flash',
  open: ({ retries, ...script } = {}) => openGeminiAcpStage({ fallback, ...script }, geminiRetries(retries)),
};
export const liveAcpQwen: LiveAgent<ChatTurn> = {
  ...qwenTools,
  ...acp('qwen'),
  open: ({ retries: _, ...script } = {}) => openQwenAcpStage({ fallback, ...script }),
};
export const liveAcpOpenCode: LiveAgent<ChatTurn> = {
  ...openCodeTools,
  ...acp('opencode'),
  setsUpAlone: true,
  open: ({ retries: _, ...script } = {}) => openOpenCodeAcpStage({ fallback, ...script }),
};
export const liveAcpClaude: LiveAgent<Turn> = {
  ...anthropic,
  ...acp('claude-agent-acp'),
  structured: inText,
  open: ({ retries, ...script } = {}) => openClaudeAcpStage({ fallback, ...script }, retries && manyRetries),
};
export const liveAcpCodex: LiveAgent<ResponsesTurn> = {
  ...responses,
  ...acp('codex-acp'),
  open: (script) => openCodexAcpStage({ fallback, ...script }),
};
