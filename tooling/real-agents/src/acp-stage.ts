import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnthropicOptions,
  type GeminiOptions,
  type OpenAiChatOptions,
  type OpenAiResponsesOptions,
  startAnthropic,
  startGemini,
  startOpenAiChat,
  startOpenAiResponses,
} from '@pawl/fake-models';
import type { Access, AgentEvent } from '@pawl/provider';
import { acp } from '@pawl/provider-acp';
import { type AgentStage, openAgentStage } from './agent-stage.ts';
import { claudeCli, codexCli } from './clis.ts';
import { type CodexRetries, codexConfiguration } from './codex-stage.ts';
import { quiet } from './environment.ts';

export const acpProvider = acp();

/** The real Gemini CLI as an ACP agent. */
export async function openGeminiAcpStage(script: GeminiOptions = {}, general: object = {}) {
  const model = await startGemini(script);
  return openAgentStage({
    provider: acpProvider,
    model,
    environment: () => ({ GEMINI_API_KEY: 'fake-key', GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_SANDBOX: 'false' }),
    prepare: (home) => {
      mkdirSync(join(home, '.gemini'));
      const settings = { security: { auth: { selectedType: 'gemini-api-key' } }, general };
      writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
    },
  });
}

/** The real Qwen Code as an ACP agent. */
export async function openQwenAcpStage(script: OpenAiChatOptions = {}) {
  const model = await startOpenAiChat(script);
  return openAgentStage({
    provider: acpProvider,
    model,
    environment: () => ({
      ...{ OPENAI_API_KEY: 'fake-key', OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: 'fake-model' },
    }),
  });
}

/** The real OpenCode as an ACP agent. */
export async function openOpenCodeAcpStage(script: OpenAiChatOptions = {}) {
  const model = await startOpenAiChat(script);
  const cost = { input: 1, output: 10, cache_read: 0.1, cache_write: 1 };
  const text = { reasoning: true, limit: { context: 128_000, output: 4_096 }, cost };
  const fake = {
    npm: '@ai-sdk/openai-compatible',
    options: { baseURL: `${model.url}/v1`, apiKey: 'fake-key' },
    models: { text, other: text },
  };
  const content = { enabled_providers: ['fake'], model: 'fake/text', provider: { fake } };
  return openAgentStage({
    provider: acpProvider,
    model,
    environment: () => ({ OPENCODE_CONFIG_CONTENT: JSON.stringify(content) }),
  });
}

/** The real Claude Code as an ACP agent, which an adapter of the protocol's makers starts. */
export async function openClaudeAcpStage(script: AnthropicOptions = {}, more: Readonly<Record<string, string>> = {}) {
  const model = await startAnthropic(script);
  return openAgentStage({
    provider: acpProvider,
    model,
    environment: () => ({
      ...quiet,
      ...{ ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'fake-key', CLAUDE_CODE_EXECUTABLE: claudeCli.locate() },
      ...more,
    }),
  });
}

/** The real Codex as an ACP agent, likewise. */
export async function openCodexAcpStage({ retries, ...script }: OpenAiResponsesOptions & CodexRetries = {}) {
  const model = await startOpenAiResponses(script);
  return openAgentStage({
    provider: acpProvider,
    model,
    environment: () => ({ OPENAI_API_KEY: 'sk-fake', CODEX_PATH: codexCli.locate() }),
    prepare: (home) => {
      mkdirSync(join(home, '.codex'));
      writeFileSync(join(home, '.codex', 'config.toml'), codexConfiguration(`${model.url}/v1`, retries));
    },
  });
}

export interface Tried {
  readonly kind: string;
  readonly statuses: readonly string[];
  /** `a.txt` in the folder. */
  readonly inside: boolean;
  /** `outside.txt` in the home, to which the link `out` in the folder leads. */
  readonly outside: boolean;
}

/** One turn with an access word, on a stage whose model has been told what to try. */
export async function tryAccess<Request, Turn>(
  stage: AgentStage<Request, Turn>,
  options: unknown,
  access: Access,
): Promise<Tried> {
  symlinkSync(stage.home, join(stage.folder, 'out'));
  const events: AgentEvent[] = [];
  const onEvent = (event: AgentEvent) => void events.push(event);
  const { outcome } = await stage.agent({ options, access }).run('go', { onEvent });
  return {
    kind: outcome.kind,
    statuses: events.flatMap((event) => (event.type === 'tool-result' ? event.status : [])),
    inside: existsSync(join(stage.folder, 'a.txt')),
    outside: existsSync(join(stage.home, 'outside.txt')),
  };
}
