import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  chatUserTexts,
  geminiUserTexts,
  responsesUserTexts,
  startAnthropic,
  startGemini,
  startOpenAiChat,
  startOpenAiResponses,
  userTexts,
} from '@pawl/fake-models';
import type { Provider } from '@pawl/provider';
import { claude } from '@pawl/provider-claude';
import { codex } from '@pawl/provider-codex';
import { gemini } from '@pawl/provider-gemini';
import { opencode } from '@pawl/provider-opencode';
import { pi } from '@pawl/provider-pi';
import { qwen } from '@pawl/provider-qwen';
import { quiet } from './environment.ts';

/** A scripted model as one agent needs it; its answers are numbered: `Answer 0.` */
export interface ModelFor {
  /** Points the agent at it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The agent's settings, in a home. */
  prepare(home: string): void;
  /** What the user had said, in each request of a turn. */
  said(): readonly (readonly string[])[];
  close(): Promise<void>;
}

export interface AgentInFront {
  readonly provider: Provider;
  readonly model?: string;
  open(): Promise<ModelFor>;
}

const numbered = { fallback: (_: unknown, index: number) => ({ text: `Answer ${index}.` }) };

interface Recorded<Request> {
  readonly requests: readonly { readonly kind: string; readonly body?: Request | undefined }[];
  close(): Promise<void>;
}

function modelFor<Request>(
  model: Recorded<Request>,
  texts: (request: Request) => readonly string[],
  environment: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): ModelFor {
  return {
    environment,
    prepare: (home) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(home, path, '..'), { recursive: true });
        writeFileSync(join(home, path), text);
      }
    },
    said: () =>
      model.requests.flatMap(({ kind, body }) =>
        kind === 'turn' && body !== undefined ? [texts(body).map((text) => text.trim())] : [],
      ),
    close: () => model.close(),
  };
}

/** Every agent that can be installed, as its users run it. */
export const everyAgent: Readonly<Record<string, AgentInFront>> = {
  claude: {
    provider: claude(),
    open: async () => {
      const model = await startAnthropic(numbered);
      return modelFor(model, userTexts, { ...quiet, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'fake-key' });
    },
  },
  codex: {
    provider: codex(),
    open: async () => {
      const model = await startOpenAiResponses(numbered);
      const provider = `base_url = "${model.url}/v1"\nname = "fake"\nwire_api = "responses"\nenv_key = "FAKE_MODEL_KEY"\n`;
      const config = `model_provider = "fake"\nmodel = "gpt-5.5"\n\n[model_providers.fake]\n${provider}`;
      return modelFor(model, responsesUserTexts, { FAKE_MODEL_KEY: 'sk-fake' }, { '.codex/config.toml': config });
    },
  },
  gemini: {
    provider: gemini(),
    model: 'gemini-2.5-flash',
    open: async () => {
      const model = await startGemini(numbered);
      const settings = JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } } });
      const environment = { GEMINI_API_KEY: 'fake-key', GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_SANDBOX: 'false' };
      return modelFor(model, geminiUserTexts, environment, { '.gemini/settings.json': settings });
    },
  },
  qwen: {
    provider: qwen(),
    open: async () => {
      const model = await startOpenAiChat(numbered);
      const environment = {
        OPENAI_API_KEY: 'fake-key',
        OPENAI_BASE_URL: `${model.url}/v1`,
        OPENAI_MODEL: 'fake-model',
      };
      return modelFor(model, chatUserTexts, environment, { '.qwen/settings.json': '{}' });
    },
  },
  opencode: {
    provider: opencode(),
    model: 'fake/text',
    open: async () => {
      const model = await startOpenAiChat(numbered);
      const fake = {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${model.url}/v1`, apiKey: 'fake-key' },
        models: { text: { limit: { context: 128_000, output: 4_096 } } },
      };
      const content = { enabled_providers: ['fake'], model: 'fake/text', provider: { fake } };
      return modelFor(model, chatUserTexts, { OPENCODE_CONFIG_CONTENT: JSON.stringify(content) });
    },
  },
  pi: {
    provider: pi(),
    model: 'fake/text',
    open: async () => {
      const model = await startOpenAiChat(numbered);
      const text = { id: 'text', contextWindow: 128_000, maxTokens: 4_096 };
      const fake = { baseUrl: `${model.url}/v1`, api: 'openai-completions', apiKey: 'fake-key', models: [text] };
      return modelFor(model, chatUserTexts, {}, { '.pi/agent/models.json': JSON.stringify({ providers: { fake } }) });
    },
  },
};
