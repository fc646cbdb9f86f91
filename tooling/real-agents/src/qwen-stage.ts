import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenAiChatOptions, startOpenAiChat } from '@pawl/fake-models';
import { qwen } from '@pawl/provider-qwen';
import { openAgentStage } from './agent-stage.ts';

/** The real Qwen Code, started by its launcher, in front of a scripted model. */
export async function openQwenStage(options: OpenAiChatOptions = {}, settings: object = {}) {
  const model = await startOpenAiChat(options);
  return openAgentStage({
    provider: qwen(),
    model,
    environment: () => ({
      ...{ OPENAI_API_KEY: 'fake-key', OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: 'fake-model' },
    }),
    prepare: (home) => {
      mkdirSync(join(home, '.qwen'));
      writeFileSync(join(home, '.qwen', 'settings.json'), JSON.stringify(settings));
    },
  });
}
