import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning, openStage, type Stage, until } from './stage.ts';

/**
 * What an agent may leave behind: a child that ignores SIGTERM, one that was forked twice and belongs to init, one in a
 * session of its own; all of them hold the agent's standard output open.
 */
const brood = (pids: string) => `
  (trap '' TERM INT HUP; echo $(exec sh -c 'echo $PPID') >> ${pids}; while :; do sleep 0.2; done) &
  ( (trap '' HUP; echo $(exec sh -c 'echo $PPID') >> ${pids}; exec sleep 300) & ) &
  setsid sh -c 'echo $$ >> ${pids}; trap "" TERM; while :; do sleep 0.2; done' &
  while [ "$(wc -l < ${pids})" -lt 3 ]; do sleep 0.02; done`;

const flow = `name: flow
steps:
  - { name: work, type: code, agent: parent, prompt: a, gate: ["bash: test -f done.txt"] }
`;

interface Nursery {
  readonly stage: Stage;
  pids(): readonly number[];
}

function openNursery(agent: (brood: string, stage: Stage) => string): Nursery {
  const stage = openStage();
  const file = join(stage.folder, 'pids');
  stage.agents({ parent: agent(`: > ${file}; ${brood(file)}`, stage) });
  stage.write({ '.pawl/workflows/flow.yaml': flow });
  const pids = () =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map(Number) : [];
  onTestFinished(() => {
    for (const pid of pids()) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  return { stage, pids };
}

test('an agent that ends leaves nobody behind, and the run does not wait for who holds its output', async () => {
  const { stage, pids } = openNursery((brood) => `cat > /dev/null; ${brood}; echo done > done.txt; echo done`);
  const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  expect(pids()).toHaveLength(3);
  expect(pids().filter(isRunning)).toEqual([]);
});

/** Hangs at first; once `mended` is there it finishes. */
const hanging = (brood: string, stage: Stage) => `cat > /dev/null
  if [ -f ${stage.folder}/mended ]; then echo done > done.txt; exit 0; fi
  ${brood}; touch ${stage.folder}/there; exec sleep 300`;

async function started(nursery: Nursery) {
  const pawl = nursery.stage.start('run', 'flow', '--spec', 'spec.md', '--json');
  await until('the brood', () => existsSync(join(nursery.stage.folder, 'there')));
  return pawl;
}

test('kill -9 of pawl: before the run goes on they are gone, found by their mark and never by name', async () => {
  const nursery = openNursery(hanging);
  const { stage, pids } = nursery;
  const pawl = await started(nursery);
  pawl.kill('SIGKILL');
  await pawl.ended;
  const orphans = pids();
  expect(orphans.filter(isRunning)).toEqual(orphans);
  stage.write({ '../mended': '' });
  rmSync(join(stage.folder, 'there'));
  const { code, stderr } = await stage.call('resume');
  expect(code, stderr).toBe(0);
  expect(orphans.filter(isRunning)).toEqual([]);
});

test('kill -9 of pawl: the next status finds the run interrupted and ends them; the run can still go on', async () => {
  const nursery = openNursery(hanging);
  const { stage, pids } = nursery;
  const pawl = await started(nursery);
  pawl.kill('SIGKILL');
  await pawl.ended;
  const { code, stdout, stderr } = await stage.call('status');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('interrupted');
  expect(stderr).toMatch(/\d+ processes that it had left running were ended/);
  expect(pids().filter(isRunning)).toEqual([]);
  stage.write({ '../mended': '' });
  const resumed = await stage.call('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
});

test('SIGTERM to pawl: they are gone when it is', async () => {
  const nursery = openNursery(hanging);
  const pawl = await started(nursery);
  pawl.kill('SIGTERM');
  expect((await pawl.ended).code).toBe(4);
  expect(nursery.pids().filter(isRunning)).toEqual([]);
});
