import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

test('what is there, what is missing and how to get it, and the names of the configuration', async () => {
  const stage = openStage({ env: { PATH: '/usr/bin:/bin' } });
  stage.write({
    '.pawl/config.yaml': `agents:
  stub: { provider: script, options: { command: ["sh", "agent.sh"] } }
  broken: { provider: script, options: { comand: ["sh"] } }
  strange: { provider: scrpt }
`,
  });
  const { code, stdout, stderr } = await stage.call('agents');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^✗ claude +Claude Code was not found .*\n/);
  expect(stdout.replace(/\s+/g, ' ')).toContain('npm install -g @anthropic-ai/claude-code names: claude, claude-opus');
  expect(stdout).toMatch(/\n✓ script +The script: name one with its options in \.pawl\/config\.yaml/);
  expect(stdout).toMatch(
    /\n\nnamed in \.pawl\/config\.yaml\n✓ stub {5}script: sh agent\.sh\n✗ broken {3}agent broken: options/,
  );
  expect(stdout).toContain('✗ strange  there is no adapter scrpt (installed: claude, script, ');
});

test('--json', async () => {
  const stage = openStage({ env: { PATH: '/usr/bin:/bin' } });
  stage.agents({ stub: 'true' });
  const { adapters, agents, version } = JSON.parse((await stage.call('agents', '--json')).stdout);
  expect(version).toBe(1);
  expect(adapters.slice(0, 2)).toMatchObject([
    {
      provider: 'claude',
      title: 'Claude Code',
      probe: { found: false, hint: expect.any(String) },
      models: { opus: expect.any(String) },
    },
    { provider: 'script', models: {} },
  ]);
  expect(agents).toEqual([{ name: 'stub', provider: 'script', options: { command: ['sh', expect.any(String)] } }]);
});
