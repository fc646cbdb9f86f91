/**
 * Records real ACP agents in front of a scripted model on loopback, by the provider itself:
 *
 *   node --conditions=@pawl/source scripts/record.ts <folder with gemini, qwen and opencode> [case …]
 *
 * Each case replaces `recordings/<case>/`, but for its `expected.json`; see recordings/README.md for what comes after.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import { startGemini, startOpenAiChat } from '@pawl/fake-models';
import type { OpenRequest, SessionRef, TurnEnd } from '@pawl/provider';
import acp from '@pawl/provider-acp';
import { recordingHost } from '@pawl/provider-kit/testing';
import { type Scenario, scenarios } from './scenarios.ts';

const [bin = missing(), ...names] = process.argv.slice(2);
const starts = { gemini: ['--acp'], qwen: ['--acp', '--auth-type', 'openai'], opencode: ['acp'] };

// The script's own words name it: a fixed place.
const base = '/tmp/pawl-record-acp';
const sessions = new Map<string, SessionRef>();
rmSync(base, { recursive: true, force: true });
for (const [name, scenario] of Object.entries(scenarios)) {
  if (names.length > 0 && !names.some((wanted) => wanted === name || scenarios[wanted]?.after === name)) continue;
  const end = await record(name, scenario);
  if (end.session) sessions.set(name, end.session);
  console.log(name.padEnd(32), end.outcome.kind, 'error' in end.outcome ? end.outcome.error.code : '');
}

async function record(name: string, scenario: Scenario): Promise<TurnEnd> {
  // Cases that go on with another one work in its folder.
  const place = join(base, scenario.after ?? name);
  const cwd = join(place, 'repository');
  const home = join(place, 'home');
  mkdirSync(cwd, { recursive: true });
  mkdirSync(join(home, '.gemini'), { recursive: true });
  const general = { maxAttempts: 1 };
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } }, general };
  writeFileSync(join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
  const { model, env } = await started(scenario);
  const host = recordingHost({ PATH: process.env.PATH ?? '', HOME: home, ...env }, { files: files() });
  const before = sessions.get(scenario.after ?? '') ?? { provider: 'acp', id: 'none', cwd };
  const request = {
    cwd,
    access: scenario.access ?? 'edit',
    start: scenario.start?.(before) ?? { kind: 'new' },
    options: { profile: scenario.profile, args: [] },
    ...(scenario.model === undefined ? {} : { model: scenario.model }),
  } satisfies OpenRequest;
  const command = [join(bin, scenario.profile), ...starts[scenario.profile]];
  const validated = await acp.options['~standard'].validate({ ...request.options, command });
  if (validated.issues) throw new Error(JSON.stringify(validated.issues));
  const session = await acp.open({ ...request, options: validated.value }, host);
  const stop = new AbortController();
  const turn = session.turn({ prompt: 'hi', signal: stop.signal, idleMs: 60_000 });
  for await (const event of turn) if (scenario.stopAt === event.type) stop.abort();
  const end = await turn.ended;
  await session.close();
  await model.close();
  await host.write(new URL(`../recordings/${name}/`, import.meta.url), { request });
  return end;
}

async function started(scenario: Scenario) {
  if (scenario.profile === 'gemini') {
    const model = await startGemini({ turns: scenario.turns });
    return { model, env: { GEMINI_API_KEY: 'fake-key', GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_SANDBOX: 'false' } };
  }
  const model = await startOpenAiChat({ turns: scenario.turns });
  const baseURL = `${model.url}/v1`;
  const text = { limit: { context: 128_000, output: 4_096 }, cost: { input: 1, output: 10 }, reasoning: true };
  const options = { baseURL, apiKey: 'fake-key' };
  const fake = { npm: '@ai-sdk/openai-compatible', options, models: { text, other: text } };
  const content = { enabled_providers: ['fake'], model: 'fake/text', provider: { fake } };
  const ofQwen = { OPENAI_API_KEY: 'fake-key', OPENAI_BASE_URL: baseURL, OPENAI_MODEL: 'fake-model' };
  return {
    model,
    env: scenario.profile === 'qwen' ? ofQwen : { OPENCODE_CONFIG_CONTENT: JSON.stringify(content) },
  };
}

function files() {
  const { files: real } = createHost({ env: {}, allow: [] });
  if (!real) throw new Error('the host has no files');
  return real;
}

function missing(): never {
  throw new Error('say where the agents are: node --conditions=@pawl/source scripts/record.ts <folder> [case …]');
}
