import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { main } from '../src/main.ts';
import { isRunning, jsonLines, openStage, type Stage, until } from './stage.ts';

/** A step that works until it is let go, and one that asks. */
function openShop(): Stage & { readonly go: () => void } {
  const stage = openStage();
  const go = join(stage.folder, 'go');
  stage.agents({
    worker: `cat > /dev/null; echo reading the till; echo start >> ${stage.folder}/starts.txt
until [ -f ${go} ]; do sleep 0.05; done; echo done > till.txt`,
  });
  stage.write({
    '.pawl/workflows/flow.yaml': `name: flow
steps:
  - { name: impl, type: code, agent: worker, hitl: after_gate, prompt: "{spec}", gate: ["bash: test -f till.txt"] }
`,
  });
  return Object.assign(stage, { go: () => writeFileSync(go, '') });
}

const begun = (stage: Stage) => () => existsSync(join(stage.folder, 'starts.txt'));

test('a run begun with --detach outlives its terminal; it is attached to, answered, and ends', async () => {
  const stage = openShop();
  const { code, stdout, stderr } = await stage.pawl('run', 'flow', '--spec', 'spec.md', '--detach', '--json');
  expect(code, stderr).toBe(0);
  const { run, pid } = JSON.parse(stdout) as { run: string; pid: number };
  await until('the turn', begun(stage));
  expect(isRunning(pid)).toBe(true);
  const attached = stage.start('attach', '--verbose');
  const json = stage.start('attach', run.slice(0, 12), '--json');
  const shown = until('what the agent says', () => attached.sofar().includes('reading the till'));
  await shown;
  stage.go();
  const seen = await attached.ended;
  // Nobody sits at the detached one: it waits, and need not be there.
  expect(seen.code, seen.stderr).toBe(3);
  expect(seen.stderr).toContain(`flow run ${run}`);
  expect(seen.stderr).toContain(`attached: at work in process ${pid}; Ctrl+C leaves it there`);
  expect(seen.stderr).toContain('✓ bash_0');
  expect(seen.stderr).toContain(`pawl approve ${run}`);
  const events = jsonLines((await json.ended).stdout);
  expect(events.at(-1)).toMatchObject({ type: 'effect-requested', effect: { type: 'ask' } });
  await until('the process to end', () => !isRunning(pid));
  const approved = await stage.pawl('approve', '--detach');
  expect(approved.code, approved.stderr).toBe(0);
  expect(approved.stderr).toContain(`pawl attach ${run}`);
  await expect
    .poll(async () => JSON.parse((await stage.call('status', '--json')).stdout).status, { timeout: 20_000 })
    .toBe('passed');
});

test('who is attached to a run that nobody sits at is asked nothing that its process would not hear', async () => {
  const stage = openShop();
  const { stdout } = await stage.pawl('run', 'flow', '--spec', 'spec.md', '--detach', '--json');
  const { run } = JSON.parse(stdout) as { run: string };
  await until('the turn', begun(stage));
  let shown = '';
  const write = (text: string): void => {
    shown += text;
  };
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = { write, isTTY: true, columns: 100, rows: 40 };
  const surroundings = { cwd: stage.repository, env: { ...stage.env, CI: '1' }, stdin, stdout: { write }, stderr };
  const attached = main(['attach'], surroundings);
  await until('it to be shown', () => shown.includes('attached: '));
  stage.go();
  expect(await attached, shown).toBe(3);
  expect(shown).toContain(`pawl approve ${run}`);
  expect(shown).not.toContain('c continue');
});

test('Ctrl+C leaves the run at work', async () => {
  const stage = openShop();
  const running = stage.start('run', 'flow', '--spec', 'spec.md');
  await until('the turn', begun(stage));
  const attached = stage.start('attach');
  await until('it to be shown', () => attached.sofar().includes('attached: '));
  attached.kill('SIGINT');
  const left = await attached.ended;
  expect(left.code, left.stderr).toBe(0);
  expect(left.stderr).toMatch(/run \S+ goes on/);
  expect(isRunning(running.pid)).toBe(true);
  stage.go();
  expect(await running.ended).toMatchObject({ code: 3 });
  expect(await stage.call('attach')).toMatchObject({ code: 2, stderr: expect.stringContaining('no run at work') });
});

test('what cannot begin is refused as without --detach, and leaves nothing behind', async () => {
  const stage = openShop();
  const refused = await stage.pawl('run', 'flow', '--spec', 'nothing.md', '--detach');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('nothing.md');
  expect(existsSync(stage.home)).toBe(false);
});
