import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenAiChatOptions, startOpenAiChat } from '@pawl/fake-models';
import { pi } from '@pawl/provider-pi';
import { openAgentStage } from './agent-stage.ts';

export const piModel = 'fake/text';

/** The real Pi in front of a scripted model. */
export async function openPiStage(options: OpenAiChatOptions = {}, settings: object = {}) {
  const model = await startOpenAiChat(options);
  return openAgentStage({
    provider: pi(),
    model,
    environment: () => ({}),
    prepare: (home) => {
      const folder = join(home, '.pi', 'agent');
      mkdirSync(folder, { recursive: true });
      const cost = { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 1 };
      const text = { id: 'text', contextWindow: 128_000, maxTokens: 4_096, reasoning: true, cost };
      const fake = { baseUrl: `${model.url}/v1`, api: 'openai-completions', apiKey: 'fake-key', models: [text] };
      writeFileSync(join(folder, 'models.json'), JSON.stringify({ providers: { fake } }));
      writeFileSync(join(folder, 'settings.json'), JSON.stringify({ retry: { baseDelayMs: 50 }, ...settings }));
    },
  });
}
