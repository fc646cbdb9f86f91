/**
 * Records the real OpenCode in front of a scripted model on loopback, by the adapter's own command lines:
 *
 *   node --conditions=@pawl/source scripts/record.ts <opencode> [case …]
 *
 * Each case replaces `recordings/<case>/`, but for its `expected.json`; see recordings/README.md for what comes after.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpenAiChat } from '@pawl/fake-models';
import type { OpenRequest, SessionRef, SessionStart, TurnEnd } from '@pawl/provider';
import { recordingHost } from '@pawl/provider-kit/testing';
import opencode from '@pawl/provider-opencode';
import { fakeProvider } from './fake-provider.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const [binary = missing(), ...names] = process.argv.slice(2);

const base = join(tmpdir(), 'pawl-record-opencode');
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
  const cwd = join(place, scenario.elsewhere ? 'other' : 'repository');
  mkdirSync(join(place, 'home'), { recursive: true });
  if (scenario.after === undefined || scenario.elsewhere) makeRepository(cwd);
  scenario.prepare?.(cwd);
  const model = await startOpenAiChat({ turns: scenario.turns, side: scenario.side ?? { text: 'A summary.' } });
  const host = recordingHost({
    ...{ PATH: process.env.PATH ?? '', HOME: join(place, 'home') },
    OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...fakeProvider(model.url), ...scenario.config }),
  });
  const request = {
    cwd,
    access: scenario.access ?? 'edit',
    start: scenario.start?.(before(scenario, cwd)) ?? { kind: 'new' },
    model: scenario.model ?? 'fake/fake-text',
  } satisfies Omit<OpenRequest, 'options'>;
  const session = await opencode.open({ ...request, options: { binary, args: [...(scenario.args ?? [])] } }, host);
  const stop = new AbortController();
  const turn = session.turn({ prompt: scenario.prompt ?? 'hi', signal: stop.signal, idleMs: 60_000 });
  if (scenario.stopAfterMs) setTimeout(() => stop.abort(), scenario.stopAfterMs);
  for await (const event of turn) if (scenario.stopAt === event.type) stop.abort();
  const end = await turn.ended;
  await session.close();
  await model.close();
  const played = { ...request, start: playedStart(request.start, end, cwd) };
  const folder = new URL(`../recordings/${name}/`, import.meta.url);
  await host.write(folder, { request: played });
  if (scenario.exported && end.session) {
    // Into a file: a pipe would not get all of it.
    const file = openSync(new URL('export.json', folder), 'w');
    spawnSync(binary, ['export', end.session.id], { cwd, env: host.env, stdio: ['ignore', file, 'ignore'] });
  }
  return end;
}

/** Played back, every command is answered by the same output: what was looked up before the turn is given with the request. */
function playedStart(start: SessionStart, { session }: TurnEnd, cwd: string): SessionStart {
  if (start.kind === 'fork') return { kind: 'fork', ref: { ...start.ref, token: { folder: cwd } } };
  return start.kind === 'continue' && session ? { kind: 'resume', ref: session } : start;
}

function makeRepository(cwd: string): void {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'a.txt'), 'hello\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message=x');
}

function before({ after }: Scenario, cwd: string): { session: SessionRef; messageId: string } {
  const end = after === undefined ? undefined : ends.get(after);
  return {
    session: end?.session ?? { provider: 'opencode', id: 'ses_nosuch', cwd, token: { folder: cwd } },
    messageId: end?.messageId ?? 'msg_nosuch',
  };
}

function missing(): never {
  throw new Error('say which opencode: node --conditions=@pawl/source scripts/record.ts <opencode> [case …]');
}
