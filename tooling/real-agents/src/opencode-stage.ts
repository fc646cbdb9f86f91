import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenAiChatOptions, startOpenAiChat } from '@pawl/fake-models';
import { opencode } from '@pawl/provider-opencode';
import { openAgentStage } from './agent-stage.ts';

export const openCodeModel = 'fake/text';

/** The real OpenCode in front of a scripted model; with more of its configuration, if there is any. */
export async function openOpenCodeStage(options: OpenAiChatOptions = {}, config: object = {}) {
  const model = await startOpenAiChat(options);
  const limit = { context: 128_000, output: 4_096 };
  const text = { reasoning: true, limit, cost: { input: 1, output: 10, cache_read: 0.1, cache_write: 1 } };
  const fake = {
    npm: '@ai-sdk/openai-compatible',
    options: { baseURL: `${model.url}/v1`, apiKey: 'fake-key' },
    models: { text },
  };
  const content = { enabled_providers: ['fake'], model: openCodeModel, provider: { fake }, ...config };
  return openAgentStage({
    provider: opencode(),
    model,
    environment: () => ({}),
    prepare: (home) => {
      const folder = join(home, '.config', 'opencode');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'opencode.json'), JSON.stringify(content));
    },
  });
}
