import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCodexStage } from '../src/codex-stage.ts';
import { openPawl } from '../src/pawl.ts';

const workflow = 'name: say\nsteps:\n  - { name: say, type: code, agent: codex, prompt: "{spec}" }\n';
const key = 'sk-of-the-user-himself';

/** The real Codex with a model provider of the user's own, whose key is in a variable that nobody else knows. */
async function openOwn(environment: Readonly<Record<string, string>>) {
  const stage = await openCodexStage({ fallback: { text: 'Yes.' } });
  const config = join(stage.home, '.codex', 'config.toml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('OPENAI_API_KEY', 'ACME_KEY'));
  const pawl = await openPawl({
    folder: stage.folder,
    environment: { HOME: stage.home, ACME_KEY: key, ...environment },
  });
  mkdirSync(join(pawl.repository, '.pawl', 'workflows'), { recursive: true });
  writeFileSync(join(pawl.repository, '.pawl', 'workflows', 'say.yaml'), workflow);
  return { stage, pawl };
}

test('the key of a model provider of its own reaches Codex when it is handed on', { timeout: 120_000 }, async () => {
  const { stage, pawl } = await openOwn({ PAWL_AGENT_ENVIRONMENT: 'codex=ACME_KEY' });
  await using _ = stage;
  const { code, stderr } = await pawl.run('say', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  expect(stage.model.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
});

test('and else it is missed by its name, with what hands it on', { timeout: 120_000 }, async () => {
  const { stage, pawl } = await openOwn({});
  await using _ = stage;
  const { code, stderr, stdout } = await pawl.run('say', '--spec', 'spec.md');
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain('Missing environment variable: `ACME_KEY`');
  expect(stdout + stderr).toContain('PAWL_AGENT_ENVIRONMENT');
  expect(stage.model.requests).toEqual([]);
});
