import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { startOpenAiChat } from '@pawl/fake-models';
import { type LiveSetup, recordingHost } from '@pawl/provider-kit/testing';
import { afterAll } from 'vitest';
import { fakeProvider } from '../scripts/fake-provider.ts';

/** The real CLI in front of a model on loopback, with a home of its own. Listing takes it from PATH. */
export async function liveSetup(binary: string): Promise<LiveSetup> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-opencode-')));
  const cwd = join(place, 'repository');
  mkdirSync(cwd);
  const model = await startOpenAiChat({ fallback: { text: 'As you say.' } });
  afterAll(async () => {
    await model.close();
    rmSync(place, { recursive: true, force: true });
  });
  const host = recordingHost({
    ...{ PATH: [dirname(binary), process.env.PATH].join(delimiter), HOME: place },
    OPENCODE_CONFIG_CONTENT: JSON.stringify(fakeProvider(model.url)),
  });
  return { host, options: { binary, args: [] }, cwd, model: 'fake/fake-text' };
}
