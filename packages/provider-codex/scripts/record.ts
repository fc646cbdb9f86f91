/**
 * Records the real Codex in front of a scripted model on loopback, by the adapter's own command lines:
 *
 *   node --conditions=@pawl/source scripts/record.ts <codex> [case …]
 *
 * Each case replaces `recordings/<case>/`; see recordings/README.md for what comes after.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpenAiResponses } from '@pawl/fake-models';
import type { OpenRequest, SessionRef, TurnEnd } from '@pawl/provider';
import codex from '@pawl/provider-codex';
import { recordingHost } from '@pawl/provider-kit/testing';
import { type Scenario, scenarios } from './scenarios.ts';

const [binary = missing(), ...names] = process.argv.slice(2);

const base = join(tmpdir(), 'pawl-record');
const longest = 1_000;
const ends = new Map<string, TurnEnd>();
rmSync(base, { recursive: true, force: true });
for (const [name, scenario] of Object.entries(scenarios)) {
  if (names.length > 0 && !names.some((wanted) => wanted === name || scenarios[wanted]?.after === name)) continue;
  const end = await record(name, scenario);
  ends.set(name, end);
  console.log(name.padEnd(32), end.outcome.kind, 'error' in end.outcome ? end.outcome.error.code : '');
}

async function record(name: string, scenario: Scenario): Promise<TurnEnd> {
  // Cases that go on with another one work in its folder.
  const place = join(base, scenario.after ?? name);
  const cwd = join(place, 'repository');
  const home = join(place, 'home');
  mkdirSync(cwd, { recursive: true });
  mkdirSync(join(home, '.codex'), { recursive: true });
  writeFileSync(join(cwd, 'a.txt'), 'hello\n');
  scenario.prepare?.(place);
  const model = await startOpenAiResponses({ turns: scenario.turns });
  writeFileSync(join(home, '.codex', 'config.toml'), config(scenario.baseUrl ?? `${model.url}/v1`, scenario));
  const PATH = process.env.PATH ?? '';
  const host = recordingHost({ PATH, HOME: home, FAKE_MODEL_KEY: 'sk-fake', ...scenario.env }, { kept });
  const request = {
    cwd,
    access: scenario.access ?? 'edit',
    start: scenario.start?.(before(scenario)) ?? { kind: 'new' },
    ...(scenario.model === undefined ? {} : { model: scenario.model }),
  } satisfies Omit<OpenRequest, 'options'>;
  const options = { binary, network: false, args: [...(scenario.args ?? [])] };
  const session = await codex.open({ ...request, options }, host);
  const input = scenario.input ?? {};
  const stop = new AbortController();
  const turn = session.turn({ prompt: scenario.prompt ?? 'hi', signal: stop.signal, ...input });
  for await (const event of turn) if (scenario.stopAt === event.type) stop.abort();
  const end = await turn.ended;
  await session.close();
  await model.close();
  await host.write(new URL(`../recordings/${name}/`, import.meta.url), { request, input });
  return end;
}

/** One retry of each kind: more are the same again. */
function config(url: string, { config: more = '' }: Scenario): string {
  return `model_provider = "fake"
model = "gpt-5.5"

[model_providers.fake]
name = "fake"
base_url = "${url}"
wire_api = "responses"
env_key = "FAKE_MODEL_KEY"
request_max_retries = 1
stream_max_retries = 1

${more}`;
}

function before({ after }: Scenario): SessionRef {
  const unknown = { provider: 'codex', id: '01a1f800-0000-7000-8000-000000000000', cwd: '/' };
  return (after === undefined ? undefined : ends.get(after)?.session) ?? unknown;
}

/** Longer texts of a rollout (instructions, summaries) are cut: the adapter reads none of them. */
function kept(text: string, path: string): string {
  return path.endsWith('.jsonl') ? text.split('\n').map(shortened).join('\n') : text;
}

function shortened(line: string): string {
  if (line.length <= longest) return line;
  try {
    return JSON.stringify(JSON.parse(line), (_, value: unknown) =>
      typeof value === 'string' && value.length > longest ? `(${value.length} characters)` : value,
    );
  } catch {
    return line;
  }
}

function missing(): never {
  throw new Error('say which codex: node --conditions=@pawl/source scripts/record.ts <codex> [case …]');
}
