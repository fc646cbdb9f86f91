import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { handedOn } from '../src/handed-on.ts';
import { secretsOf } from '../src/secrets.ts';
import { contentOf, openStage } from './stage.ts';

const secret = 'Zx81-of-a-proxy';
const dump = 'cat > /dev/null; env > env.txt';

test('names by adapter, from the environment of the user', () => {
  const given = handedOn({ PAWL_AGENT_ENVIRONMENT: ' codex=ACME_KEY,REGION  script=OTHER\tcodex=MORE ' });
  expect([...given]).toEqual([
    ['codex', ['ACME_KEY', 'REGION', 'MORE']],
    ['script', ['OTHER']],
  ]);
  expect(handedOn({}).size).toBe(0);
});

test.each([
  ['ACME_KEY', 'no list of adapters and names'],
  ['codex:ACME_KEY', 'no list of adapters and names'],
  ['codex=', 'no list of adapters and names'],
  ['codex=ACME_KEY,', 'no list of adapters and names'],
  ['codex=ACME_KEY=value', 'no list of adapters and names'],
  ['codex=ACME_*', 'no list of adapters and names'],
  ['codex=NODE_OPTIONS', 'names NODE_OPTIONS'],
  ['codex=GIT_DIR', 'names GIT_DIR'],
  ['codex=PAWL_HOME', 'names PAWL_HOME'],
])('%s is refused', async (value, message) => {
  const stage = openStage({ env: { PAWL_AGENT_ENVIRONMENT: value } });
  stage.agents({ 'claude-opus': dump });
  const { code, stderr } = await stage.call('run', 'freeform', '--spec', 'spec.md');
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('=value');
});

test('an agent of that adapter gets it, gates do not, and its value is not stored', async () => {
  const env = { PAWL_AGENT_ENVIRONMENT: 'script=ACME_ACCOUNT', ACME_ACCOUNT: secret, OTHER_ACCOUNT: 'not-this-one' };
  expect(secretsOf(env)).toEqual([secret]);
  const stage = openStage({ env });
  const config = 'commands: { compile: "env > gate.txt; false" }\n';
  stage.agents({ 'claude-opus': `${dump}; echo "I have $ACME_ACCOUNT"` }, config);
  await stage.call('run', 'freeform', '--spec', 'spec.md');
  const { worktree } = JSON.parse((await stage.call('report', '--json')).stdout);
  const [agent, gate] = ['env', 'gate'].map((name) => readFileSync(`${worktree}/${name}.txt`, 'utf8'));
  expect(agent).toContain(`ACME_ACCOUNT=${secret}`);
  expect(agent).not.toMatch(/OTHER_ACCOUNT|PAWL_AGENT_ENVIRONMENT/);
  expect(gate).not.toContain(secret);
  const stored = contentOf(stage.home, /^worktrees/);
  expect(Object.keys(stored).filter((path) => stored[path]?.includes(secret))).toEqual([]);
});

test('an agent of another adapter does not get it, and a file of the repository cannot ask for it', async () => {
  const stage = openStage({ env: { PAWL_AGENT_ENVIRONMENT: 'codex=ACME_ACCOUNT', ACME_ACCOUNT: secret } });
  stage.agents({ 'claude-opus': dump });
  await stage.call('run', 'freeform', '--spec', 'spec.md');
  const { worktree } = JSON.parse((await stage.call('report', '--json')).stdout);
  expect(readFileSync(`${worktree}/env.txt`, 'utf8')).not.toContain('ACME_ACCOUNT');

  stage.write({
    '.pawl/config.yaml': `agents: { claude-opus: { provider: script, environment: [ACME_ACCOUNT], options: { command: [sh] } } }\n`,
  });
  const { code, stderr } = await stage.call('run', 'freeform', '--spec', 'spec.md');
  expect([code, stderr]).toEqual([2, expect.stringContaining('PAWL_AGENT_ENVIRONMENT="codex=')]);
});
