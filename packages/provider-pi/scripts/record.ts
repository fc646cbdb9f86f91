/**
 * Records the real Pi in front of a scripted model on loopback, by the adapter's own command lines:
 *
 *   node --conditions=@pawl/source scripts/record.ts <pi> [case …]
 *
 * Each case replaces `recordings/<case>/`, but for its `expected.json`; see recordings/README.md for what comes after.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpenAiChat } from '@pawl/fake-models';
import type { OpenRequest, SessionRef, TurnEnd } from '@pawl/provider';
import { recordingHost } from '@pawl/provider-kit/testing';
import pi from '@pawl/provider-pi';
import { type Scenario, scenarios } from './scenarios.ts';

/** Retries in a hurry; a summary as soon as there is anything to sum up. */
const settings = { retry: { baseDelayMs: 100, maxRetries: 2 }, compaction: { keepRecentTokens: 10 } };

const [binary = missing(), ...names] = process.argv.slice(2);

const base = join(tmpdir(), 'pawl-record-pi');
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
  const agent = join(place, 'home', '.pi', 'agent');
  mkdirSync(cwd, { recursive: true });
  mkdirSync(agent, { recursive: true });
  writeFileSync(join(cwd, 'a.txt'), 'hello\n');
  const model = await startOpenAiChat({ turns: scenario.turns, side: { text: 'A summary.' } });
  const cost = { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 1 };
  const limits = { contextWindow: 128_000, maxTokens: 4_096, reasoning: true };
  const models = [
    { id: 'fake-text', ...limits, cost },
    { id: 'fake-free', ...limits },
  ];
  const fake = { baseUrl: `${model.url}/v1`, api: 'openai-completions', apiKey: 'sk-fake', models };
  writeFileSync(join(agent, 'models.json'), JSON.stringify({ providers: scenario.signedOut ? {} : { fake } }));
  writeFileSync(join(agent, 'settings.json'), JSON.stringify(settings));
  scenario.prepare?.(place);
  const host = recordingHost({ PATH: process.env.PATH ?? '', HOME: join(place, 'home') });
  const request = {
    cwd,
    access: scenario.access ?? 'edit',
    start: scenario.start?.(before(scenario)) ?? { kind: 'new' },
    ...(scenario.signedOut ? {} : { model: scenario.model ?? 'fake/fake-text' }),
  } satisfies Omit<OpenRequest, 'options'>;
  const session = await pi.open({ ...request, options: { binary, args: [...(scenario.args ?? [])] } }, host);
  const stop = new AbortController();
  const turn = session.turn({ prompt: scenario.prompt ?? 'hi', signal: stop.signal, idleMs: 60_000 });
  for await (const event of turn) if (scenario.stopAt === event.type) stop.abort();
  const end = await turn.ended;
  await session.close();
  await model.close();
  const { start } = request;
  // Played back, no folder changes between two looks into it: the copy cannot appear.
  const played = start.kind === 'fork' ? { ...request, start: { kind: 'fork' as const, ref: start.ref } } : request;
  await host.write(new URL(`../recordings/${name}/`, import.meta.url), { request: played });
  return end;
}

function before({ after }: Scenario): { session: SessionRef; messageId: string } {
  const end = after === undefined ? undefined : ends.get(after);
  return {
    session: end?.session ?? { provider: 'pi', id: '00000000-0000-4000-8000-000000000000', cwd: '/' },
    messageId: end?.messageId ?? '0',
  };
}

function missing(): never {
  throw new Error('say which pi: node --conditions=@pawl/source scripts/record.ts <pi> [case …]');
}
