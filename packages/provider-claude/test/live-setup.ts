import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnthropic } from '@pawl/fake-models';
import { type LiveSetup, recordingHost } from '@pawl/provider-kit/testing';
import { afterAll } from 'vitest';

/** The real CLI in front of a model on loopback, with a home of its own. */
export async function liveSetup(binary: string): Promise<LiveSetup> {
  const place = mkdtempSync(join(tmpdir(), 'pawl-claude-'));
  const cwd = join(place, 'repository');
  mkdirSync(cwd);
  const model = await startAnthropic({ fallback: { text: 'As you say.' } });
  afterAll(async () => {
    await model.close();
    rmSync(place, { recursive: true, force: true });
  });
  const host = recordingHost({
    ...{ PATH: process.env.PATH ?? '', HOME: place, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-fake' },
    ...{ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
  });
  return { host, options: { binary, args: [] }, cwd };
}
