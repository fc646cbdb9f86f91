import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage } from '../test/stage.ts';

const bytes = 1024 ** 3;

/** The most memory that a process has held, in megabytes; undefined when it is gone, or the system does not tell. */
function mostHeld(pid: number): number | undefined {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024 || undefined;
  } catch {
    return undefined;
  }
}

test('a gate that prints 1 GB without a line break', { timeout: 600_000 }, async () => {
  const stage = openStage();
  stage.agents({ worker: 'cat > /dev/null; echo x > x.txt' });
  stage.write({
    '.pawl/workflows/flow.yaml': `name: flow
steps:
  - name: build
    type: code
    agent: worker
    prompt: Build.
    gate: ["bash: head -c ${bytes} /dev/zero | tr '\\\\0' x; echo; echo not ok 1; exit 1"]
`,
  });
  const from = performance.now();
  const run = stage.start('run', 'flow', '--spec', 'spec.md');
  let held = 0;
  const look = setInterval(() => {
    held = Math.max(held, mostHeld(run.pid) ?? 0);
  }, 100);
  const { code, stderr } = await run.ended.finally(() => clearInterval(look));
  const seconds = (performance.now() - from) / 1000;
  console.log(`1 GB printed by a gate: ${seconds.toFixed(1)} s, ${Math.round(held)} MB held`);
  expect(code, stderr.slice(-2000)).toBe(1);
  // Head and tail are told; what is between them lies in the log, up to its limit.
  expect(stderr).toMatch(/characters left out[\s\S]*not ok 1\n/);
  expect(stderr.length).toBeLessThan(50_000);
  const runs = join(stage.home, 'runs');
  const gates = join(runs, readdirSync(runs)[0] ?? '', 'gates');
  const [log = ''] = readdirSync(gates);
  expect(statSync(join(gates, log)).size).toBeGreaterThanOrEqual(bytes);
  expect(statSync(join(gates, log)).size).toBeLessThan(bytes + 200);
  if (process.platform === 'linux') {
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(600);
  }
});
