import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GeminiOptions, startGemini } from '@pawl/fake-models';
import { gemini } from '@pawl/provider-gemini';
import { openAgentStage } from './agent-stage.ts';

/** The real Gemini CLI in front of a scripted model; with more of its general settings, if there are any. */
export async function openGeminiStage(
  options: GeminiOptions = {},
  general: object = {},
  more: Readonly<Record<string, string>> = {},
) {
  const model = await startGemini(options);
  return openAgentStage({
    provider: gemini(),
    model,
    environment: () => ({
      GEMINI_API_KEY: 'fake-key',
      GOOGLE_GEMINI_BASE_URL: model.url,
      GEMINI_SANDBOX: 'false',
      ...more,
    }),
    prepare: (home) => {
      mkdirSync(join(home, '.gemini'));
      const settings = { security: { auth: { selectedType: 'gemini-api-key' } }, general };
      writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
    },
  });
}
