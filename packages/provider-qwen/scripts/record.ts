/**
 * Records the real Qwen Code in front of a scripted model on loopback, by the adapter's own command lines:
 *
 *   node --conditions=@pawl/source scripts/record.ts <qwen> [case …]
 *
 * Each case replaces `recordings/<case>/`, but for its `expected.json`; see recordings/README.md for what comes after.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startOpenAiChat } from '@pawl/fake-models';
import type { OpenRequest, SessionRef, TurnEnd } from '@pawl/provider';
import { recordingHost } from '@pawl/provider-kit/testing';
import qwen from '@pawl/provider-qwen';
import { place as base, type Scenario, scenarios } from './scenarios.ts';

const [binary = missing(), ...names] = process.argv.slice(2);

const ends = new Map<string, TurnEnd>();
rmSync(base, { recursive: true, force: true });
for (const [name, scenario] of Object.entries(scenarios)) {
  if (names.length > 0 && !names.some((wanted) => wanted === name || scenarios[wanted]?.after === name)) continue;
  const end = await record(name, scenario);
  ends.set(name, end);
  console.log(name.padEnd(24), end.outcome.kind, 'error' in end.outcome ? end.outcome.error.code : '');
}

async function record(name: string, scenario: Scenario): Promise<TurnEnd> {
  // Cases that go on with another one work in its folder.
  const place = join(base, scenario.after ?? name);
  const cwd = join(place, 'repository');
  mkdirSync(join(cwd, 'sub'), { recursive: true });
  mkdirSync(join(place, 'home', '.qwen'), { recursive: true });
  writeFileSync(join(cwd, 'a.txt'), 'hello\n');
  writeFileSync(join(place, 'home', '.qwen', 'settings.json'), JSON.stringify(scenario.settings ?? {}));
  const model = await startOpenAiChat({ turns: scenario.turns });
  const host = recordingHost(
    {
      ...{ PATH: process.env.PATH ?? '', HOME: join(place, 'home'), TERM: 'xterm-256color' },
      ...{ OPENAI_API_KEY: 'fake-key', OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_MODEL: 'fake-model' },
      ...scenario.env,
    },
    { place, kept, word },
  );
  const request = {
    cwd,
    access: scenario.access ?? 'edit',
    start: scenario.start?.(before(scenario)) ?? { kind: 'new' },
    ...(scenario.model === undefined ? {} : { model: scenario.model }),
  } satisfies Omit<OpenRequest, 'options'>;
  const input = scenario.input ?? {};
  const session = await qwen.open({ ...request, options: { binary, args: [] } }, host);
  const stop = new AbortController();
  const turn = session.turn({ prompt: scenario.prompt ?? 'hi', signal: stop.signal, idleMs: 60_000, ...input });
  for await (const event of turn) if (scenario.stopAt === event.type) stop.abort();
  const end = await turn.ended;
  await session.close();
  await model.close();
  await host.write(new URL(`../recordings/${name}/`, import.meta.url), { request, input });
  if (scenario.kept && end.session) {
    const lines: string[] = [];
    for await (const line of qwen.exportSession?.(end.session, host) ?? []) lines.push(`${line}\n`);
    writeFileSync(new URL(`../recordings/${name}/transcript.jsonl`, import.meta.url), lines.join(''));
  }
  return end;
}

function before({ after }: Scenario): SessionRef {
  const end = after === undefined ? undefined : ends.get(after);
  return end?.session ?? { provider: 'qwen', id: '00000000-0000-4000-8000-000000000000', cwd: '/' };
}

/** Of a transcript: who was there and what was asked is in its short lines. */
function kept(text: string): string {
  const lines = text.split('\n');
  return lines.filter((line) => line.length < 600).join('\n');
}

/** Files of this package, by their name. */
function word(same: string): string {
  return /\/headless\//.test(same) ? basename(same) : same;
}

function missing(): never {
  throw new Error('say which qwen: node --conditions=@pawl/source scripts/record.ts <qwen> [case …]');
}
