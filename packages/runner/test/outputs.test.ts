import type { Expected } from '@pawl/core';
import type { JsonObject } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { lastJsonBlock } from '../src/agent/json-block.ts';
import { clearOutputs, findOutputs } from '../src/agent/outputs.ts';
import { startRun } from '../src/index.ts';
import { World } from './fakes.ts';
import { planOf, split, validate } from './plans.ts';

const fence = '```';
const completed = (text: string, json?: object) =>
  ({ kind: 'completed', text, ...(json !== undefined && { json }) }) as never;

describe('the last JSON of a message', () => {
  test.each([
    ['a block', `Done.\n${fence}json\n{"a":1}\n${fence}\n`, '{"a":1}'],
    ['the last of two', `${fence}json\n1\n${fence}\n${fence}json\n2\n${fence}`, '2'],
    ['behind a block of code', `${fence}ts\nconst a = {};\n${fence}\nNow:\n${fence}json\n[1]\n${fence}`, '[1]'],
    ['before a block of code', `${fence}json\n[1]\n${fence}\nRun:\n${fence}sh\nnpm test\n${fence}`, '[1]'],
    ['before a block without a label', `${fence}json\n[1]\n${fence}\nRun:\n${fence}\nnpm test\n${fence}`, '[1]'],
    ['a block without a label', `${fence}\n{"a":1}\n${fence}`, '{"a":1}'],
    ['with Windows line ends', `Done.\r\n${fence}json\r\n{"a":1}\r\n${fence}\r\n`, '{"a":1}'],
    ['in upper case, indented', `- so:\n  ${fence}JSON\n  {"a":1}\n  ${fence}`, '{"a":1}'],
    ['with words behind the label', `${fence}json title="plan.json"\n{"a":1}\n${fence}`, '{"a":1}'],
    ['with tildes', '~~~json\n{"a":1}\n~~~', '{"a":1}'],
    ['in a longer fence', `${fence}${fence}json\n"${fence}"\n${fence}${fence}`, `"${fence}"`],
    ['not closed', `So:\n${fence}json\n{"a":1}`, '{"a":1}'],
    ['cut off', `So:\n${fence}json\n{"a":`, '{"a":'],
    ['empty', `${fence}json\n${fence}`, ''],
    ['bare at the end', 'The plan is\n{"a":\n[1]}\n', '{"a":\n[1]}'],
    ['bare behind a block', `Such as\n${fence}json\n{"a":0}\n${fence}\nso\n{"a":1}`, '{"a":1}'],
    ['bare, behind something like it', '[link](x)\n{not json\n{"a":1}', '{"a":1}'],
    ['bare and broken', 'so\n{"a":1,}', '{"a":1,}'],
    ['nothing but it', '[]', '[]'],
    ['none', 'I am done.', undefined],
    ['a bracket in the last word', 'done (see [1])', undefined],
    ['none in a block of code', `${fence}js\nx = {}\n${fence}`, undefined],
    ['an empty message', '', undefined],
  ])('%s', (_, text, expected) => expect(lastJsonBlock(text)).toBe(expected));

  test.each([
    ['opening fences', `${fence}json\n`],
    ['fences', `${fence}\n`],
    ['brackets', '[\n'],
    ['braces', '{}\n'],
    ['backticks', '`'],
    ['spaces', ' '],
    ['spaces and line ends', ' \n'],
  ])('a flood of %s ends', (_, piece) => {
    lastJsonBlock(`${piece.repeat(4_000_000 / piece.length)}]`);
  });
});

describe('output candidates', () => {
  const wanted = (expected: Expected, schema?: JsonObject) => ({ expected, schema });
  const keep = async (text: string) => text;

  async function laneWith(files: Readonly<Record<string, string>> = {}) {
    const world = new World({ files });
    const ports = world.ports();
    const lane = await ports.worktrees.open({ run: 'r1', name: 'main', base: world.repository.base });
    return { lane, files: ports.worktreeFiles };
  }

  test('best first: the schema, the message, the files', async () => {
    const { lane, files } = await laneWith({
      '.pawl/out/output.json': '\uFEFF{"from":"file"}',
      '.gump/out/plan.json': '{"from":"gump"}',
      '.gump/out/validate.json': '{"from":"the other one"}',
    });
    const message = completed(`${fence}json\n{"from":"text"}\n${fence}`, { from: 'cli' });
    const found = await findOutputs(wanted('tasks'), message, files, lane, keep);
    expect(found).toEqual([
      { source: 'schema', json: { from: 'cli' } },
      { source: 'message', json: { from: 'text' } },
      { source: 'file', json: { from: 'file' } },
      { source: 'file', json: { from: 'gump' } },
    ]);
  });

  test('a step that only changes files has none', async () => {
    const { lane, files } = await laneWith({ '.pawl/out/output.json': '{}' });
    expect(await findOutputs(wanted('changes'), completed('{}', {}), files, lane, keep)).toEqual([]);
  });

  test('what is not JSON, too large or too deep is a candidate that says so', async () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const { lane, files } = await laneWith({ '.pawl/out/output.json': '{"a"', '.gump/out/validate.json': deep });
    const large = completed(`${fence}json\n"${'x'.repeat(6e6)}"\n${fence}`);
    const found = await findOutputs(wanted('verdict'), large, files, lane, keep);
    expect(found).toEqual([
      { source: 'message', error: expect.stringContaining('larger than 5242880') },
      { source: 'file', error: expect.stringContaining('JSON') },
      { source: 'file', error: expect.stringContaining('deep') },
    ]);
    const nested = JSON.parse(deep) as object;
    expect(await findOutputs(wanted('verdict'), completed('', nested), (await laneWith()).files, lane, keep)).toEqual([
      { source: 'schema', error: expect.stringContaining('deep') },
    ]);
  });

  test('what cannot be read is the agent’s mistake, not a failure of the run', async () => {
    const { lane, files } = await laneWith();
    const broken = { ...files, read: async () => Promise.reject(new Error('is a link')) };
    expect(await findOutputs(wanted('verdict'), completed(''), broken, lane, keep)).toEqual([
      { source: 'file', error: 'is a link' },
      { source: 'file', error: 'is a link' },
    ]);
  });

  test('are cleared before a turn', async () => {
    const { lane, files } = await laneWith({
      '.pawl/out/output.json': '{}',
      '.gump/out/plan.json': '{}',
      '.pawl/config.yaml': 'x',
    });
    await clearOutputs(files, lane);
    expect(await findOutputs(wanted('tasks'), completed(''), files, lane, keep)).toEqual([]);
    expect(await files.read(lane.path, '.pawl/config.yaml', 10)).toBe('x');
  });

  test('of a turn before are never taken', async () => {
    const world = new World({
      script: ({ attempt, files, open }) => {
        if (attempt === 1) files.set('.pawl/out/output.json', '{"pass":false,"comments":"no"}');
        expect(open.env?.PAWL_OUT).toBe('/lanes/r1/main/.pawl/out/output.json');
        return { text: 'I looked at it.' };
      },
    });
    // A verdict of no is not asked for again of the same agent.
    const plan = planOf(world.repository.base, [validate('review', { attempts: 2, escalate: { 2: 'big' } })]);
    const state = await startRun('r1', plan, world.ports());
    expect(world.asked).toHaveLength(2);
    expect(state.failure?.message).toContain('no JSON was found');
  });

  test('a CLI is held to the schema of what is expected', async () => {
    const world = new World({ script: ({ step }) => ({ json: step === 'plan' ? { tasks: [] } : { pass: true } }) });
    const steps = [split('plan', []), validate('review')];
    const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
    expect(state.status).toBe('passed');
    expect(world.asked.map(({ input }) => input.outputSchema?.required)).toEqual([['tasks'], ['pass']]);
  });
});
