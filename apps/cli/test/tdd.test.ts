import { expect, test } from 'vitest';
import { contentOf, jsonLines, openStage } from './stage.ts';
import { prepareTdd } from './tdd.ts';

test('tdd: plans, retries, escalates, checks the whole, and is applied as one commit a step', async () => {
  const stage = openStage();
  prepareTdd(stage);
  const before = contentOf(stage.repository, /^\.git$/);
  const { code, stdout, stderr } = await stage.call('run', 'tdd', '--spec', 'spec.md');

  expect(code, stderr).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain('3 tasks: easy, middle, hard');
  expect(stderr).toMatch(/✗ test (?:[\d.]+m?s · )?exit 1 · sh test\/run.sh\n {6}ok 1 - easy\n {6}not ok 2 - middle\n/);
  expect(stderr).toContain('↻ decompose/middle/green · claude-haiku · attempt 2 · same session');
  expect(stderr).toContain('↻ decompose/hard/green · claude-sonnet · attempt 4\n');
  expect(stderr).toMatch(/✓ quality .*\n\n✓ passed · tdd · .* · \$0\.06 · /);
  expect(stderr).toMatch(/\n {2}pawl apply \d{6}-\d{4}-[a-z0-9]{4} +bring it to your branch\n/);
  expect(contentOf(stage.repository, /^\.git$/)).toEqual(before);

  const applied = await stage.call('apply');
  expect(applied.stderr).toMatch(/✓ 6 commits of run \S+ brought to main\n/);
  expect(stage.git('status', '--porcelain')).toBe('');
  const commits = stage.git('log', '--reverse', '--format=%s', 'HEAD~6..HEAD').split('\n');
  expect(commits).toEqual(['red: easy', 'green: easy', 'red: middle', 'green: middle', 'red: hard', 'green: hard']);
  const files = stage.git('diff', '--name-only', 'HEAD~6', 'HEAD').split('\n');
  expect(files).toEqual(['src/easy', 'src/hard', 'src/middle', 'test/easy.test', 'test/hard.test', 'test/middle.test']);
});

test('--json tells the same facts, one event a line', async () => {
  const stage = openStage();
  prepareTdd(stage);
  const { code, stdout, stderr } = await stage.pawl('run', 'tdd', '--spec', 'spec.md', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const events = jsonLines(stdout);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]).toMatchObject({
    type: 'run-started',
    plan: { workflow: { name: 'tdd' }, spec: { text: 'Build a till.\n' } },
  });
  expect(events.at(-1)).toMatchObject({ type: 'run-ended', end: 'passed' });

  const report = JSON.parse((await stage.call('report', '--json')).stdout);
  expect(report).toMatchObject({ version: 1, status: 'passed', workflow: 'tdd' });
  expect(report.totals).toMatchObject({ attempts: 12, escalations: 1, cost: { measuredUsd: 0.058 } });
  const ended = events.filter(({ type }) => type === 'attempt-ended').length;
  expect(report.totals.attempts).toBe(ended);
});
