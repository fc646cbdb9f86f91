import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createHost } from '@pawl/agent';
import { describe, expect, test } from 'vitest';
import { trackHost } from '../src/tracked-host.ts';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const host = createHost({ env: {}, allow: [] });

describe('environment', () => {
  test('is what is common, what is allowed and what is added', () => {
    const env = { PATH: '/bin', HOME: '/home/ada', ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'o', npm_config_x: 'n' };
    const made = createHost({ env, allow: ['ANTHROPIC_*'], extraEnv: { PAWL_STEP: 'impl' } });
    expect(made.env).toEqual({ PATH: '/bin', HOME: '/home/ada', ANTHROPIC_API_KEY: 'k', PAWL_STEP: 'impl' });
  });
});

describe('processes', () => {
  const run = async (made: typeof host, script: string, env = {}) => {
    const command = { file: process.execPath, args: ['-e', script], cwd: workshop.folder, env };
    const child = made.spawn(command);
    const lines: string[] = [];
    for await (const { text } of child.lines) lines.push(text);
    return { lines, exit: await child.exit };
  };

  test('see the host’s environment, what the command adds, and nothing else', async () => {
    const made = createHost({ env: { HOME: '/h', SECRET: 's' }, allow: [], marker: 'm1' });
    const { lines } = await run(made, 'console.log(JSON.stringify(process.env))', { MORE: '1', HOME: '/other' });
    const seen = JSON.parse(lines[0]!);
    expect(seen).toMatchObject({ HOME: '/other', MORE: '1', PAWL_PROCESS: 'm1' });
    expect(seen).not.toHaveProperty('SECRET');
    expect(seen).not.toHaveProperty('PATH');
  });

  test('are not started where that cannot be, and say so', async () => {
    const child = host.spawn({ file: 'pawl-no-such-program', args: [], cwd: workshop.folder });
    expect((await child.exit).error?.code).toBe('not-found');
  });

  test('their output is handed on raw, and waits for whoever takes it', async () => {
    const taken: string[] = [];
    const made = createHost({
      env: {},
      allow: [],
      onStdout: async (chunk) => {
        await new Promise((resolve) => setImmediate(resolve));
        taken.push(Buffer.from(chunk).toString());
      },
    });
    const { lines } = await run(made, "process.stdout.write('a\\r\\nb')");
    expect(taken.join('')).toBe('a\r\nb');
    expect(lines).toEqual(['a', 'b']);
  });
});

test('the host that a turn is given has all that its host has', () => {
  const names = (of: object) => Object.keys(of).sort();
  expect(names(trackHost(host).host)).toEqual(names(host));
});

describe('files', () => {
  test('of a few megabytes are read, larger ones are not', async () => {
    writeFileSync(workshop.path('small'), 'ü'.repeat(4 * 1024 * 1024));
    writeFileSync(workshop.path('large'), Buffer.alloc(8 * 1024 * 1024 + 1));
    expect(await host.readFile(workshop.path('small'))).toHaveLength(4 * 1024 * 1024);
    await expect(host.readFile(workshop.path('large'))).rejects.toThrow('larger than');
  });

  test('that are none are refused, without waiting', async () => {
    mkdirSync(workshop.path('folder'));
    execFileSync('mkfifo', [workshop.path('pipe')]);
    await expect(host.readFile(workshop.path('absent'))).rejects.toThrow('ENOENT');
    await expect(host.readFile(workshop.path('folder'))).rejects.toThrow('is not a file');
    await expect(host.readFile(workshop.path('pipe'))).rejects.toThrow('is not a file');
  });

  test('folders', async () => {
    writeFileSync(workshop.path('a'), '');
    expect(await host.listFolder(workshop.folder)).toEqual(['a']);
    expect(await host.listFolder(workshop.path('absent'))).toEqual([]);
    expect(await host.listFolder(workshop.path('a/b'))).toEqual([]);
  });
});

test('what the adapter has to say reaches the log', () => {
  const said: string[] = [];
  createHost({ env: {}, allow: [], log: (level, message) => void said.push(`${level} ${message}`) }).log('warn', 'odd');
  host.log('debug', 'to nobody');
  expect(said).toEqual(['warn odd']);
});
