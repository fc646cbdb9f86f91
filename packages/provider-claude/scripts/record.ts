/**
 * Records the real Claude Code in front of a scripted model on loopback, by the adapter's own command lines:
 *
 *   node --conditions=@pawl/source scripts/record.ts <claude> [case …]
 *
 * Each case replaces `recordings/<case>/`, but for its `expected.json`; see recordings/README.md for what comes after.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnthropic } from '@pawl/fake-models';
import type { OpenRequest, SessionRef, TurnEnd } from '@pawl/provider';
import claude from '@pawl/provider-claude';
import { recordingHost } from '@pawl/provider-kit/testing';
import { type Scenario, scenarios } from './scenarios.ts';

const [binary = missing(), ...names] = process.argv.slice(2);

const base = join(tmpdir(), 'pawl-record');
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
  mkdirSync(cwd, { recursive: true });
  mkdirSync(join(place, 'home'), { recursive: true });
  writeFileSync(join(cwd, 'a.txt'), 'hello\n');
  scenario.prepare?.(place);
  const model = await startAnthropic({ turns: scenario.turns });
  const host = recordingHost({
    ...{ PATH: process.env.PATH ?? '', HOME: join(place, 'home'), ANTHROPIC_BASE_URL: model.url },
    ...{ ANTHROPIC_API_KEY: 'sk-fake', CLAUDE_CODE_MAX_RETRIES: '1' },
    ...{ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
    ...scenario.env,
  });
  const request = {
    cwd,
    access: scenario.access ?? 'edit',
    start: scenario.start?.(before(scenario)) ?? { kind: 'new' },
    ...(scenario.model === undefined ? {} : { model: scenario.model }),
  } satisfies Omit<OpenRequest, 'options'>;
  const session = await claude.open({ ...request, options: { binary, args: [] } }, host);
  const input = scenario.input ?? {};
  const stop = new AbortController();
  const turn = session.turn({ prompt: scenario.prompt ?? 'hi', signal: stop.signal, idleMs: 60_000, ...input });
  for await (const event of turn) if (scenario.stopAt === event.type) stop.abort();
  const end = await turn.ended;
  await session.close();
  await model.close();
  await host.write(new URL(`../recordings/${name}/`, import.meta.url), { request, input });
  return end;
}

function before({ after }: Scenario): { session: SessionRef; messageId: string } {
  const end = after === undefined ? undefined : ends.get(after);
  return {
    session: end?.session ?? { provider: 'claude', id: '00000000-0000-4000-8000-000000000000', cwd: '/' },
    messageId: end?.messageId ?? '00000000-0000-4000-8000-000000000000',
  };
}

function missing(): never {
  throw new Error('say which claude: node --conditions=@pawl/source scripts/record.ts <claude> [case …]');
}
