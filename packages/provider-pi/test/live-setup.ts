import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpenAiChat } from '@pawl/fake-models';
import { type LiveSetup, recordingHost } from '@pawl/provider-kit/testing';
import { afterAll } from 'vitest';

/** The real CLI in front of a model on loopback, with a home of its own. */
export async function liveSetup(binary: string): Promise<LiveSetup> {
  const place = mkdtempSync(join(tmpdir(), 'pawl-pi-'));
  const cwd = join(place, 'repository');
  const agent = join(place, '.pi', 'agent');
  mkdirSync(cwd);
  mkdirSync(agent, { recursive: true });
  const model = await startOpenAiChat({ fallback: { text: 'As you say.' } });
  const fake = { baseUrl: `${model.url}/v1`, api: 'openai-completions', apiKey: 'sk-fake', models: [{ id: 'fake' }] };
  writeFileSync(join(agent, 'models.json'), JSON.stringify({ providers: { fake } }));
  afterAll(async () => {
    await model.close();
    rmSync(place, { recursive: true, force: true });
  });
  const host = recordingHost({ PATH: process.env.PATH ?? '', HOME: place });
  return { host, options: { binary, args: [] }, cwd, model: 'fake/fake' };
}
