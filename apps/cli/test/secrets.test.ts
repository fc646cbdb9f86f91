import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { secretsOf } from '../src/secrets.ts';
import { contentOf, openStage } from './stage.ts';

test('values of variables with secret names, but no words and no paths', () => {
  const secrets = {
    OPENAI_API_KEY: 'abc-123-def',
    GH_TOKEN: 'tok3n-tok3n',
    my_secret: 'Tr0ub4dor',
    DB_PASSWORD: 'correct horse',
    SMTP_PASSWD: 'correcthorsebatterystaple',
    SIGNING_PRIVATE_KEY: '-----x y-----',
    AWS_SECRET_ACCESS_KEY: '/abc+def/ghi',
  };
  const others = {
    PGPASSWORD_FILE: '/run/secret',
    POSTGRES_PASSWORD: 'postgres',
    PIN_TOKEN: '12345678',
    SSH_KEY: import.meta.filename,
    SHORT_KEY: 'a1b2',
    KEYBOARD: 'qwertz-1',
    HOME: '/home/ada12',
    EMPTY_TOKEN: '',
    NO_TOKEN: undefined,
  };
  expect(secretsOf({ ...others, ...secrets })).toEqual(Object.values(secrets));
});

test('a secret of the environment is not stored: not in the database, not in a file of the run', async () => {
  const secret = 'Zx81-not-for-the-disk';
  const stage = openStage({ env: { SHOP_API_KEY: secret } });
  stage.write({ 'spec.md': `Use ${secret} somewhere.\n` });
  const leak = `echo "I know ${secret}"; echo '{"type":"text","text":"and ${secret}"}'`;
  stage.agents(
    { 'claude-opus': `cat > /dev/null; ${leak}; date > x.txt` },
    `commands: { compile: "echo ${secret}; false" }\n`,
  );
  const { code } = await stage.call('run', 'freeform', '--spec', 'spec.md');
  expect(code).toBe(1);
  const stored = contentOf(stage.home, /^worktrees/);
  expect(Object.keys(stored).filter((path) => stored[path]?.includes(secret))).toEqual([]);
  const runs = `${stage.home}/runs`;
  const [run] = readdirSync(runs);
  const gates = readdirSync(`${runs}/${run}/gates`);
  expect(readFileSync(`${runs}/${run}/gates/${gates[0]}`, 'utf8')).toContain('[redacted]');
});

test('agents and gates do not see it', async () => {
  const stage = openStage({
    env: { SHOP_API_KEY: 'Zx81-not-for-agents', npm_config_x: 'y', NODE_OPTIONS: '--no-warnings' },
  });
  stage.agents(
    { 'claude-opus': 'cat > /dev/null; env > env.txt' },
    'commands: { compile: "env > gate.txt; cat gate.txt; false" }\n',
  );
  await stage.call('run', 'freeform', '--spec', 'spec.md');
  const { steps, worktree } = JSON.parse((await stage.call('report', '--json')).stdout);
  const seen = readFileSync(`${worktree}/env.txt`, 'utf8') + readFileSync(`${worktree}/gate.txt`, 'utf8');
  expect(steps).toHaveLength(1);
  expect(seen).toContain('PATH=');
  expect(seen).not.toMatch(/SHOP_API_KEY|npm_config|NODE_OPTIONS|PAWL_HOME/);
});
