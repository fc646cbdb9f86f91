import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { plainEnvironment, quiet } from '../../src/environment.ts';
import { findIsolation } from '../../src/namespace.ts';

describe('the environment of the suite', () => {
  test('holds nothing of a package manager and no real key', () => {
    const real = {
      PATH: '/a/node_modules/.bin:/usr/bin:/cache/_npx/x/bin:/bin',
      HOME: '/home/user',
      LANG: 'C.UTF-8',
      npm_config_registry: 'x',
      npm_lifecycle_event: 'x',
      NODE: 'x',
      INIT_CWD: 'x',
      VITEST_POOL_ID: '1',
      ANTHROPIC_API_KEY: 'real',
      ANTHROPIC_BASE_URL: 'real',
      CLAUDE_CODE_OAUTH_TOKEN: 'real',
      SOME_API_KEY: 'real',
      UNSET: undefined,
    };
    expect(plainEnvironment(real)).toEqual({ PATH: '/usr/bin:/bin', HOME: '/home/user', LANG: 'C.UTF-8' });
  });

  test('turns telemetry and updates off', () => {
    expect(quiet).toMatchObject({ DISABLE_TELEMETRY: '1', DISABLE_AUTOUPDATER: '1' });
  });
});

describe('isolation', () => {
  test('leaves loopback and nothing else, or says why there is none', () => {
    const { prefix, missing } = findIsolation();
    const script = "console.log(Object.keys(require('os').networkInterfaces()).join())";
    const [file = process.execPath, ...args] = [...prefix, process.execPath, '-e', script];
    const seen = spawnSync(file, args, { encoding: 'utf8', timeout: 10_000 });
    expect(seen.status).toBe(0);
    if (missing === undefined) expect(seen.stdout.trim()).toBe('lo');
    else expect(missing).not.toBe('');
  });
});
