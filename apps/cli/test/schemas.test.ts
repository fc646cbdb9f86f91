import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonDocument } from '../scripts/schemas/document.ts';
import { publishedSchemas } from '../scripts/schemas/published.ts';
import { shapes, shapesOf } from '../scripts/schemas/shapes.ts';
import { withCommands } from '../src/program.ts';
import { openConversation } from './conversation.ts';
import { type Stage, stageIn, until } from './stage.ts';

const schemas = join(import.meta.dirname, '../schemas');

const published = publishedSchemas();

describe('schemas/', () => {
  test.each(Object.keys(published))('%s is what the shapes say: run vitest -u to write it anew', async (name) => {
    await expect(published[name]).toMatchFileSnapshot(join(schemas, name));
  });

  test('docs/json.md says which command answers with which', async () => {
    await expect(jsonDocument()).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/json.md'));
  });

  test('holds no other file', () => {
    expect(readdirSync(schemas).sort()).toEqual(Object.keys(published).sort());
  });

  test('there is one for each command that has --json, and none for a command that is gone', () => {
    const named = (command: Command, above: string): string[] =>
      command.commands.flatMap((child) => {
        const name = `${above}${child.name()}`;
        const own = child.options.some(({ long }) => long === '--json') ? [name] : [];
        return [...own, ...named(child, `${name} `)];
      });
    const commands = named(
      withCommands(() => async () => {}),
      '',
    );
    expect(Object.keys(shapesOf).sort()).toEqual(commands.sort());
    for (const names of Object.values(shapesOf)) for (const name of names) expect(Object.keys(shapes)).toContain(name);
  });
});

describe('what commands really print', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-schemas-')));
  let stage: Stage;
  let ids: readonly string[];

  beforeAll(async () => {
    stage = stageIn(folder, { env: { PATH: '/usr/bin:/bin' } });
    stage.agents({
      maker: `cat > /dev/null; mkdir -p src; echo "$PAWL_ATTEMPT" > src/a
echo '{"type":"tool","name":"Write","kind":"edit","input":{"file_path":"src/a"}}'
echo '{"type":"usage","inputTokens":100,"outputTokens":10,"costUsd":0.01,"turns":1,"contextTokens":500,"contextWindow":1000}'`,
      other: 'cat > /dev/null; echo good > src/a; echo done',
      planner: `cat > /dev/null; echo '[{ "name": "one", "description": "the first" }]'`,
    });
    stage.write({
      '.pawl/workflows/well.yaml': `name: well
steps:
  - name: make
    type: code
    agent: maker
    prompt: "{spec}"
    gate: ["bash: grep good src/a"]
    retry: [{ attempt: 2, agent: other }, { exit: 3 }]
  - name: plan
    type: split
    agent: planner
    prompt: "{spec}"
    each:
      - name: check
        gate: ["bash: 'true'"]
`,
      '.pawl/workflows/bad.yaml':
        'name: bad\nsteps:\n  - name: make\n    type: code\n    agent: maker\n    prompt: "{spec}"\n    gate: ["bash: echo leaked-4711-value; false"]\n',
      '.pawl/workflows/wrong.yaml': 'name: wrong\nstep: []\n',
    });
    stage.commit('Workflows');
    const lines = [
      ...(await printed('run', 'well', '--spec', 'spec.md', '--json')),
      ...(await printed('run', 'bad', '--spec', 'spec.md', '--json')),
    ];
    for (const line of lines) fits('events', line);
    ids = lines.flatMap((line) => (isRecord(line) && line.type === 'run-started' ? [String(line.run)] : []));
    expect(ids).toHaveLength(2);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function printed(...args: string[]): Promise<readonly unknown[]> {
    const { stdout } = await stage.call(...args);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }

  const cases: readonly (readonly [shape: string, args: () => readonly string[]])[] = [
    ['list', () => ['list']],
    ['status', () => ['status', ids[0] ?? '']],
    ['status', () => ['status', ids[1] ?? '']],
    ['report', () => ['report', ids[0] ?? '']],
    ['report', () => ['report', ids[1] ?? '']],
    ['report-detail', () => ['report', ids[0] ?? '', '--detail', 'make']],
    ['report-compare', () => ['report', '--compare', ...ids]],
    ['report-last', () => ['report', '--last', '5']],
    ['explain', () => ['explain', '--run', ids[0] ?? '']],
    ['explain', () => ['explain', 'make', '--run', ids[1] ?? '']],
    ['diff', () => ['diff', ids[0] ?? '']],
    ['diff', () => ['diff', ids[0] ?? '', '--step', 'make']],
    ['apply-preview', () => ['apply', ids[0] ?? '', '--dry-run']],
    ['apply', () => ['apply', ids[0] ?? '']],
    ['apply', () => ['apply', ids[0] ?? '']],
    ['undo-list', () => ['undo']],
    ['gc', () => ['gc', '--plan']],
    ['agents', () => ['agents']],
    ['doctor', () => ['doctor']],
    ['models', () => ['models']],
    ['init', () => ['init', '--yes']],
    ['config-list', () => ['config', 'list']],
    ['config-value', () => ['config', 'set', 'max_parallel', '3']],
    ['config-value', () => ['config', 'get', 'max_parallel']],
    ['error', () => ['config', 'get', 'nothing']],
    ['workflows', () => ['workflows', 'list']],
    ['workflow', () => ['workflows', 'show', 'well']],
    ['workflow-check', () => ['workflows', 'check', 'well', 'wrong']],
    ['workflow-new', () => ['workflows', 'new', 'mine']],
    ['sessions', () => ['sessions', 'list']],
    ['session-search', () => ['sessions', 'search', 'done']],
    ['error', () => ['report', 'nothing']],
    ['error', () => ['report', ids[0] ?? '', '--detail', 'nowhere']],
    ['error', () => ['explain', 'nowhere', '--run', ids[0] ?? '']],
    ['error', () => ['status', 'nothing']],
    ['error', () => ['run', 'wrong', '--spec', 'spec.md']],
    ['error', () => ['run', 'nothing', '--spec', 'spec.md']],
    ['error', () => ['apply', ids[1] ?? '']],
    ['error', () => ['nonsense']],
    ['error', () => ['list', '--nonsense']],
  ];
  test.each(cases.map(([shape, args], index) => ({ shape, index, args })))(
    '$index: $shape',
    async ({ shape, args }) => {
      const [only, ...more] = await printed(...args(), '--json');
      expect(more).toEqual([]);
      fits(shape, only);
    },
  );

  test('the log of a run', async () => {
    const lines = await printed('logs', ids[0] ?? '', '--json');
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) fits('logs', line);
  });

  test('a run that waits, its answer, its end, and what was saved', async () => {
    const asks = await printed('run', 'well', '--spec', 'spec.md', '--pause-after', 'make', '--json');
    for (const line of asks) fits('events', line);
    expect(asks.at(-1)).toMatchObject({ type: 'waiting', questions: [{ step: 'make' }] });
    const id = String((asks.at(-1) as { run: string }).run);
    const [status] = await printed('status', id, '--json');
    fits('status', status);
    expect(status).toMatchObject({ status: 'waiting', questions: [{ step: 'make' }] });
    fits('explain', (await printed('explain', '--run', id, '--json'))[0]);
    fits('aborted', (await printed('abort', id, '--json'))[0]);
    for (const line of await printed('resume', id, '--json')) fits('events', line);
    for (const line of await printed('approve', id, '--json')) fits('events', line);
    fits('undo', (await printed('undo', 'make#1/checkpoint', '--run', id, '--json'))[0]);
  }, 120_000);

  test('conversations', async () => {
    const [all] = await printed('sessions', 'list', '--json');
    const short = (all as { sessions: { short: string }[] }).sessions[0]?.short ?? '';
    const answers: readonly (readonly [string, ...string[]])[] = [
      ['session', 'show', short],
      ['session-changes', 'rename', short, 'The till'],
      ['session-changes', 'tag', short, 'good'],
      ['session-changes', 'untag', short, 'good'],
      ['session-changes', 'archive', short],
      ['sessions', 'list', '--archived'],
      ['error', 'resume', short],
      // A script cannot give its conversations away.
      ['error', 'export', short, '--output', join(folder, 'till.bundle')],
    ];
    for (const [shape, ...args] of answers) fits(shape, (await printed('sessions', ...args, '--json'))[0]);
    const said = await printed('sessions', 'messages', short, '--json');
    expect(said.length).toBeGreaterThan(0);
    for (const line of said) fits('session-message', line);
    const turn = await printed('sessions', 'resume', short, 'Go on.', '--json');
    expect(turn.at(-1)).toMatchObject({ type: 'turn-end' });
    for (const line of turn) fits('session-turn', line);
    fits('session-changes', (await printed('sessions', 'remove', short, '--json'))[0]);
  }, 120_000);

  test('a conversation that is forked, put back, and taken elsewhere', async () => {
    const { id, ends } = await openConversation(stage);
    const bundle = join(folder, 'till.pawl');
    const answers: readonly (readonly [string, ...string[]])[] = [
      ['session-open', 'resume', id],
      ['session-fork', 'fork', id, '--at', ends[0]],
      ['session', 'show', id],
      ['session-rewind', 'rewind', id, '--at', ends[0]],
      ['session-export', 'export', id, '--output', bundle],
      ['error', 'fork', id, '--at', 'nothing'],
      ['session-changes', 'remove', id],
      ['session-import', 'import', bundle],
      ['session-import', 'import', bundle],
      ['sessions', 'list', '--all'],
      ['session-search', 'search', 'turn'],
    ];
    for (const [shape, ...args] of answers) fits(shape, (await printed('sessions', ...args, '--json'))[0]);
  }, 120_000);

  test('a run at work that is paused, answered from elsewhere, and one that goes on by itself', async () => {
    const go = join(folder, 'go');
    stage.agents(
      {
        worker: `cat > /dev/null; touch ${folder}/begun; until [ -f ${go} ]; do sleep 0.05; done; echo done > done.txt`,
      },
      'max_parallel: 2\n',
    );
    stage.write({
      '.pawl/workflows/works.yaml': `name: works
steps:
  - name: both
    parallel: true
    steps:
      - { name: asks, type: code, agent: worker, hitl: after_gate, prompt: "{spec}", gate: ["bash: 'true'"] }
      - { name: goes, gate: ["bash: until [ -f ${go}-on ]; do sleep 0.05; done"] }
`,
    });
    const begun = await stage.pawl('run', 'works', '--spec', 'spec.md', '--detach', '--json');
    const detached = JSON.parse(begun.stdout) as { readonly run: string };
    fits('detached', detached);
    await until('the agent', () => existsSync(join(folder, 'begun')));
    fits('status', (await printed('status', detached.run, '--json'))[0]);
    fits('list', (await printed('list', '--json'))[0]);
    fits('paused', (await printed('pause', detached.run, '--json'))[0]);
    fits('paused', (await printed('pause', detached.run, '--off', '--json'))[0]);
    writeFileSync(go, '');
    const status = async () => (await printed('status', detached.run, '--json'))[0] as { questions?: unknown[] };
    await expect.poll(async () => (await status()).questions?.length, { timeout: 60_000 }).toBe(1);
    fits('status', await status());
    fits('answered', (await printed('approve', detached.run, '--comment', 'well', '--json'))[0]);
    fits('error', (await printed('answer', detached.run, '--choice', 'maybe', '--json'))[0]);
    writeFileSync(`${go}-on`, '');
    const shown = await printed('attach', detached.run, '--json');
    for (const line of shown) fits(isRecord(line) && 'error' in line ? 'error' : 'events', line);
    await expect.poll(async () => ((await status()) as { status?: string }).status, { timeout: 60_000 }).toBe('passed');
  }, 180_000);

  test('reports are without what has become a secret since the run', async () => {
    const report = async () => (await stage.call('report', ids[1] ?? '', '--format', 'html')).stdout;
    expect(await report()).toContain('leaked-4711-value');
    stage.env.SHOP_API_KEY = 'leaked-4711-value';
    const page = await report();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('[redacted]');
    expect(page).not.toContain('leaked-4711-value');
    for (const format of ['text', 'json', 'markdown', 'html']) {
      const { stdout } = await stage.call('report', ids[1] ?? '', '--detail', 'make', '--format', format);
      expect(stdout).toMatch(/\[redacted\\?\]/);
      expect(stdout).not.toContain('leaked-4711-value');
    }
    expect((await stage.call('explain', '--run', ids[1] ?? '')).stdout).not.toContain('leaked-4711-value');
  });
});

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** By our own strict shape, and by the schema as it is published. */
function fits(name: string, value: unknown): void {
  const parsed = shapes[name]?.safeParse(value);
  if (!parsed?.success)
    throw new Error(`not ${name}: ${parsed?.error.message}\n${JSON.stringify(value).slice(0, 2_000)}`);
  const schema = JSON.parse(published[`${name}.schema.json`] ?? '') as Schema;
  const { valid, errors } = new Validator(schema, '2020-12', false).validate(value);
  expect(errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)).toEqual([]);
  expect(valid).toBe(true);
}
