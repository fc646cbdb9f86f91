import { describe, expect, test } from 'vitest';
import { outstanding } from '../src/index.ts';
import { broken, code, conflict, fails, files, group, plan, split, tasks, turn } from './given.ts';
import { Played, play, settleAll } from './play.ts';

const aside = (...names: readonly string[]) =>
  group(
    'both',
    names.map((name) => code(name, { gates: ['test'] })),
    { parallel: {} },
  );
const planned = { 'build#1/run-agent': turn({ json: tasks('one', 'two', 'three') }), 'build#1/checkpoint': files() };
const outstandingIds = (run: Played) => outstanding(run.state).map(({ id }) => id);

function begun(...args: Parameters<typeof plan>): Played {
  const run = new Played();
  run.tell({ type: 'start', run: 'r1', plan: plan(...args) });
  settleAll(run, '#1/open-worktree');
  return run;
}

describe('a parallel group', () => {
  test('begins every step at once, each in a lane of its own that begins where the group does', () => {
    const run = begun([aside('a', 'b')]);
    expect(outstanding(run.state)).toMatchObject([
      { id: 'both#1/open-worktree:0', lane: 'both/a', base: 'base' },
      { id: 'both#1/open-worktree:1', lane: 'both/b', base: 'base' },
    ]);
    settleAll(run, 'both#1/open-worktree:1', 'both#1/open-worktree:0');
    expect(outstanding(run.state)).toMatchObject([
      { id: 'both/b#1/run-agent', lane: 'both/b' },
      { id: 'both/a#1/run-agent', lane: 'both/a' },
    ]);
  });

  test('merges its lanes one at a time in the order of the plan, however they end', () => {
    const run = begun([aside('a', 'b', 'c')]);
    const lane = (name: string, index: number) => [
      `both#1/open-worktree:${index}`,
      ...['run-agent', 'checkpoint', 'gate:test', 'advance'].map((what) => `both/${name}#1/${what}`),
    ];
    settleAll(run, ...lane('c', 2), ...lane('b', 1));
    expect(outstandingIds(run)).toEqual(['both#1/open-worktree:0']);
    settleAll(run, ...lane('a', 0));
    expect(outstanding(run.state)).toMatchObject([
      { id: 'both#1/merge:0', from: 'both/a', base: 'base', head: 'commit of both/a', onto: 'base', lane: 'main' },
    ]);
    settleAll(run, 'both#1/merge:0');
    expect(outstanding(run.state)).toMatchObject([{ id: 'both#1/merge:1', from: 'both/b', onto: 'merge of both/a' }]);
    settleAll(run, 'both#1/merge:1', 'both#1/merge:2');
    expect(run.state).toMatchObject({ status: 'passed', frames: {}, lanes: { main: { head: 'merge of both/c' } } });
    expect(Object.keys(run.state.lanes)).toEqual(['main']);
  });

  test('opens no more lanes than it may: the next when one is done', () => {
    const run = begun([{ ...aside('a', 'b', 'c'), parallel: { max: 2 } }]);
    expect(outstandingIds(run)).toEqual(['both#1/open-worktree:0', 'both#1/open-worktree:1']);
    settleAll(run, 'both#1/open-worktree:0', 'both/a#1/run-agent', 'both/a#1/checkpoint', 'both/a#1/gate:test');
    settleAll(run, 'both/a#1/advance');
    expect(outstandingIds(run)).toEqual(['both#1/open-worktree:1', 'both#1/merge:0', 'both#1/open-worktree:2']);
  });

  test.each([0, -1])('a limit of %s is one lane at a time, not none', (max) => {
    expect(play(plan([{ ...aside('a', 'b'), parallel: { max } }])).state.status).toBe('passed');
    expect(play(plan([code('a')], { settings: { providerLimits: { script: max } } })).state.status).toBe('passed');
  });

  test("takes the machine's limit where it has none of its own", () => {
    const run = begun([aside('a', 'b', 'c')], { settings: { maxParallel: 1 } });
    expect(outstandingIds(run)).toEqual(['both#1/open-worktree:0']);
  });

  test('its gates judge what all lanes changed', () => {
    const run = play(plan([{ ...aside('a', 'b'), gates: [{ name: 'lint', kind: 'lint' }] }]));
    expect(run.ids.slice(-3)).toEqual(['both#1/merge:1', 'both#1/checkpoint', 'both#1/gate:lint']);
  });
});

describe('a lane that fails', () => {
  const failing = { 'both/a#1/gate:test': fails('RED') };

  test('lets the others end, and costs them nothing: they wait to be merged', () => {
    const run = play(plan([aside('a', 'b')]), failing);
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { step: 'both/a' },
      frames: { 'both|0': { status: 'failed' }, 'both|1': { status: 'passed', lane: 'both/b' } },
      lanes: { 'both/b': { head: 'commit of both/b' } },
    });
    expect(run.ids.filter((id) => id.includes('merge'))).toEqual([]);
  });

  test('that comes after others loses them nothing: they are merged', () => {
    const run = play(plan([aside('a', 'b')]), { 'both/b#1/gate:test': fails('RED') });
    expect(run.ids).toContain('both#1/merge:0');
    expect(run.state.lanes.main?.head).toBe('merge of both/a');
  });

  test('opens nothing new', () => {
    const run = play(plan([{ ...aside('a', 'b', 'c'), parallel: { max: 1 } }]), failing);
    expect(run.ids.join()).not.toContain('both/b');
  });

  test('alone runs again in the next attempt of the group, and then all are merged in order', () => {
    const run = play(plan([{ ...aside('a', 'b'), retry: { attempts: 2, entries: [] } }]), failing);
    expect(run.ids.filter((id) => /run-agent|merge|open/.test(id))).toEqual([
      '#1/open-worktree',
      'both#1/open-worktree:0',
      'both#1/open-worktree:1',
      'both/a#1/run-agent',
      'both/b#1/run-agent',
      'both#2/open-worktree:0',
      'both/a@1#1/run-agent',
      'both#2/merge:0.1',
      'both#2/merge:1',
    ]);
    expect(run.prompt('both/a@1#1/run-agent')).toContain('RED');
    expect(run.state.status).toBe('passed');
  });

  test('because its worktree could not be opened is opened when it goes on', () => {
    const run = play(plan([{ ...aside('a', 'b'), retry: { attempts: 2, entries: [] } }]), {
      'both#1/open-worktree:0': broken,
    });
    expect(run.ids.indexOf('both#2/open-worktree:0')).toBeLessThan(run.ids.indexOf('both/a@1#1/run-agent'));
    expect(run.state.status).toBe('passed');
  });

  test('goes on within the limit, also when more of them failed than may run', () => {
    const run = begun([{ ...aside('a', 'b'), parallel: { max: 1 }, retry: { attempts: 2, entries: [] } }]);
    const lane = (name: string, ...what: readonly string[]) => what.map((one) => `both/${name}#1/${one}`);
    settleAll(run, 'both#1/open-worktree:0', ...lane('a', 'run-agent', 'checkpoint', 'gate:test', 'advance'));
    settleAll(run, 'both#1/open-worktree:1', ...lane('b', 'run-agent', 'checkpoint'));
    run.tell({ type: 'settle', effect: 'both#1/merge:0', outcome: conflict('a.ts') });
    run.tell({ type: 'settle', effect: 'both/b#1/gate:test', outcome: fails('RED') });
    expect(run.step('both').attempt).toBe(2);
    expect(outstandingIds(run)).toEqual(['both#2/open-worktree:0']);
    settleAll(run);
    expect(run.state.status).toBe('passed');
  });
});

test('after a failed gate of the group every lane is a new one', () => {
  const retried = {
    ...aside('a', 'b'),
    gates: [{ name: 'lint', kind: 'lint' } as const],
    retry: { attempts: 3, entries: [] },
  };
  const run = play(plan([group('outer', [retried], { gates: ['test'], attempts: 2 })]), {
    'outer/both#1/gate:lint': fails('1'),
    'outer#1/gate:test': fails('2'),
    'outer/both@2#1/gate:lint': fails('3'),
  });
  const opened = run.effects.filter(({ type }) => type === 'open-worktree').map(({ lane }) => lane);
  expect(new Set(opened).size).toBe(opened.length);
  expect(run.state.status).toBe('passed');
});

describe('a merge conflict', () => {
  const run = play(plan([aside('a', 'b')]), { 'both#1/merge:1': conflict('src/a.ts', 'b.bin') });

  test('fails the run, says where, and keeps both lanes as they were', () => {
    expect(run.state.failure?.message).toBe('lane both/b conflicts with what was merged before it in src/a.ts, b.bin');
    expect(run.state.lanes).toMatchObject({
      main: { head: 'merge of both/a' },
      'both/b': { head: 'commit of both/b' },
    });
  });

  test('goes on when it is resumed: only the merge is tried again', () => {
    run.tell({ type: 'resume' });
    const from = run.ids.length;
    settleAll(run);
    expect(run.ids.slice(from - 1).map((id) => id.replace(/@\d+/, ''))).toEqual([
      '#1/open-worktree',
      'both#1/open-worktree:1',
      expect.stringMatching(/^both#1\/merge:1/),
    ]);
    expect(run.state).toMatchObject({ status: 'passed', lanes: { main: { head: 'merge of both/b' } } });
  });
});

describe('a parallel split', () => {
  const build = split('build', [code('red'), code('green', { gates: ['test'], from: 'build/red' })], { parallel: {} });

  test('gives every task a lane, in which its steps run one after the other', () => {
    const run = play(plan([build]), planned);
    const lanes = new Map(run.effects.map(({ id, lane }) => [id, lane]));
    expect(lanes.get('build/two/red#1/run-agent')).toBe('build/two');
    expect(lanes.get('build/two/green#1/run-agent')).toBe('build/two');
    expect(run.start('build/two/green#1/run-agent')).toBe('session of build/two/red#1');
    expect(run.ids.filter((id) => id.includes('merge'))).toEqual([
      'build#1/merge:0',
      'build#1/merge:1',
      'build#1/merge:2',
    ]);
    expect(Object.keys(run.state.steps)).toEqual(['build']);
  });

  test('a failed task fails it when the others have ended: its planner is not asked again', () => {
    const run = play(plan([{ ...build, retry: { attempts: 2, entries: [] } }]), {
      ...planned,
      'build/two/green#1/gate:test': fails('RED'),
      'build/two/green@2#1/gate:test': fails('STILL'),
    });
    expect(run.ids.filter((id) => id.startsWith('build#') && id.endsWith('run-agent'))).toEqual(['build#1/run-agent']);
    expect(run.state.failure).toMatchObject({ step: 'build/two/green' });
    expect(run.state.frames).toMatchObject({ 'build|1': { status: 'failed' }, 'build|2': { status: 'passed' } });
    expect(run.ids.filter((id) => id.includes('merge'))).toEqual(['build#1/merge:0']);
  });

  test('inside a parallel group merges into its lane, and that into the run', () => {
    const run = play(plan([group('both', [build, code('doc')], { parallel: {} })]), {
      'both/build#1/run-agent': turn({ json: tasks('one', 'two') }),
      'both/build#1/checkpoint': files(),
    });
    expect(run.effects.filter(({ type }) => type === 'merge')).toMatchObject([
      { id: 'both/build#1/merge:0', from: 'both/build/one', lane: 'both/build' },
      { id: 'both/build#1/merge:1', from: 'both/build/two', lane: 'both/build', onto: 'merge of both/build/one' },
      { id: 'both#1/merge:0', from: 'both/build', head: 'merge of both/build/two', lane: 'main' },
      { id: 'both#1/merge:1', from: 'both/doc', lane: 'main' },
    ]);
    expect(run.state.status).toBe('passed');
  });
});

describe('turns of one provider', () => {
  const settings = { providerLimits: { script: 2 } };

  test('wait for room, first come first', () => {
    const run = begun([aside('a', 'b', 'c', 'd')], { settings });
    settleAll(run, ...[2, 0, 3, 1].map((index) => `both#1/open-worktree:${index}`));
    expect(outstandingIds(run)).toEqual(['both/c#1/run-agent', 'both/a#1/run-agent']);
    expect(run.ofType('turn-queued').map(({ step, provider }) => [step, provider])).toEqual([
      ['both/d', 'script'],
      ['both/b', 'script'],
    ]);
    expect(run.state.queue).toEqual(['both/d', 'both/b']);
    settleAll(run, 'both/a#1/run-agent');
    expect(outstandingIds(run)).toEqual(['both/c#1/run-agent', 'both/a#1/checkpoint', 'both/d#1/run-agent']);
  });

  test('of another provider do not wait', () => {
    const agents = {
      haiku: { name: 'haiku', provider: 'claude', options: {} },
      opus: { name: 'opus', provider: 'codex', options: {} },
    };
    const steps = [code('a'), code('b', { agent: 'opus' }), code('c')];
    const run = begun([group('both', steps, { parallel: {} })], {
      agents,
      settings: { providerLimits: { claude: 1 } },
    });
    settleAll(run, ...[0, 1, 2].map((index) => `both#1/open-worktree:${index}`));
    expect(outstandingIds(run)).toEqual(['both/a#1/run-agent', 'both/b#1/run-agent']);
  });

  test('that may not begin any more, because the budget is used up, make room for the next', () => {
    const run = play(
      plan([aside('a', 'b', 'c')], { settings: { providerLimits: { script: 1 } }, limits: { costUsd: 0.2 } }),
    );
    expect(run.state).toMatchObject({ status: 'failed', queue: [] });
    expect(run.ids.filter((id) => id.endsWith('run-agent'))).toEqual(['both/a#1/run-agent']);
  });

  test('are forgotten when the run stops', () => {
    const run = begun([aside('a', 'b')], { settings: { providerLimits: { script: 1 } } });
    settleAll(run, 'both#1/open-worktree:0', 'both#1/open-worktree:1');
    run.tell({ type: 'abort', reason: 'enough' });
    settleAll(run);
    expect(run.state).toMatchObject({ status: 'aborted', queue: [] });
    expect(run.ids.join()).not.toContain('both/b#1/run-agent');
  });
});
