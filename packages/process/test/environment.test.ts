import { delimiter } from 'node:path';
import { cleanEnvironment } from '@pawl/process';
import { describe, expect, test } from 'vitest';

describe('cleanEnvironment', () => {
  test('lets through what programs need to work', () => {
    const env = {
      HOME: '/h',
      LANG: 'C',
      LC_TIME: 'C',
      TERM: 'xterm',
      TMPDIR: '/t',
      XDG_DATA_HOME: '/d',
      https_proxy: 'http://p',
      NO_PROXY: 'x',
      SSL_CERT_FILE: '/c',
      NODE_EXTRA_CA_CERTS: '/c',
      JAVA_HOME: '/j',
      GOPATH: '/g',
      CARGO_HOME: '/c',
      VIRTUAL_ENV: '/v',
      SystemRoot: 'C:\\Windows',
    };
    expect(cleanEnvironment(env)).toEqual(env);
  });

  test('keeps the rest back', () => {
    const names = [
      'SSH_AUTH_SOCK',
      'AWS_SECRET_ACCESS_KEY',
      'ANTHROPIC_API_KEY',
      'GITHUB_TOKEN',
      'LD_PRELOAD',
      'HOMEX',
    ];
    expect(cleanEnvironment(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual({});
  });

  test('adds names and prefixes that are asked for', () => {
    const env = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'u', ANTHROPICS: 'n', FOO: 'f', FOOD: 'n', EMPTY: '' };
    expect(cleanEnvironment(env, { allow: ['ANTHROPIC_*', 'FOO', 'EMPTY', 'ABSENT'] })).toEqual({
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: 'u',
      FOO: 'f',
      EMPTY: '',
    });
  });

  test('never hands on what belongs to the tools that started us, even when asked to', () => {
    const names = ['npm_config_registry', 'pnpm_config_x', 'TURBO_HASH', 'INIT_CWD', 'NODE', 'NODE_OPTIONS'];
    const more = ['GIT_DIR', 'GIT_CONFIG_COUNT', 'PAWL_HOME', 'PAWL_PROCESS'];
    const env = Object.fromEntries([...names, ...more].map((name) => [name, 'x']));
    expect(cleanEnvironment(env, { allow: ['*', 'NODE_OPTIONS', 'GIT_*'] })).toEqual({});
  });

  test('drops undefined values and takes no notice of the prototype', () => {
    expect(cleanEnvironment({ HOME: undefined })).toEqual({});
    expect(Object.keys(cleanEnvironment(process.env)).every((name) => name in process.env)).toBe(true);
  });

  test('takes out of PATH what package managers put there, and relative entries', () => {
    const path = [
      '/repo/node_modules/.bin',
      '/home/me/.npm/_npx/abc/node_modules/.bin',
      '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin',
      '/home/me/.npm/_npx/abc',
      '',
      '.',
      'bin',
      './node_modules/.bin',
      '/usr/bin',
      '/opt/node_modules/.binary',
      '/opt/my_npx',
    ].join(delimiter);
    expect(cleanEnvironment({ PATH: path }).PATH?.split(delimiter)).toEqual([
      '/usr/bin',
      '/opt/node_modules/.binary',
      '/opt/my_npx',
    ]);
  });
});
