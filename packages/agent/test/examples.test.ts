import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const examples = new URL('../examples/', import.meta.url);
const documented = readFileSync(new URL('../../../docs/sessions.md', import.meta.url), 'utf8');
const places = mkdtempSync(join(tmpdir(), 'pawl-examples-'));
afterAll(() => rmSync(places, { recursive: true, force: true }));

/** Runs an example as its readers would, in an empty folder, with a script in the place of the agent. */
async function run(name: string) {
  const cwd = mkdtempSync(join(places, `${name}-`));
  const register = new URL('./fixtures/stand-in/register.ts', import.meta.url).pathname;
  const args = ['--conditions=@pawl/source', '--import', register, new URL(`${name}.ts`, examples).pathname];
  const env = { ...process.env, STAND_IN_HOME: join(cwd, 'home'), NO_COLOR: '1' };
  const child = spawn(process.execPath, args, { cwd, env, timeout: 25_000, killSignal: 'SIGKILL' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  expect((await once(child, 'close'))[0], output).toBe(0);
  return { cwd, output: output.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,27}/g, '<id>').trimEnd() };
}

const outputs: Readonly<Record<string, string>> = {
  client: 'Analyze the auth module\nAnalyze the auth module > Now refactor it to use JWT',
  continue: 'Create an implementation plan for the payment module. > Now implement the first item in the plan.',
  'capture-id': 'Started session: <id>\nAnalyze the codebase\nSession for later: <id>',
  resume: 'Analyze the auth module > Now implement the refactoring you suggested',
  fork: `Analyze the auth module > Instead of JWT, implement OAuth2 for the auth module
Analyze the auth module > Continue with the JWT approach
false`,
  'higher-limits': 'Stopped at its limit of turns\ncompleted',
  stateless: 'Quick one-off task. undefined',
  'resume-at': 'Design the cache > Try a different approach from here',
  compaction: 'Compacted! auto 180000',
  'many-users': 'Help me with my code\nAnd me with mine\nHelp me with my code > Thank you',
  'clean-up': 'cancelled\nundefined\nFresh start',
  'every-agent': Array.from({ length: 5 }, () =>
    [
      'Explain the test structure. > Continue the previous task.',
      'Explain the test structure. > Continue the previous task. > Pick up from where we left off.',
    ].join('\n'),
  ).join('\n'),
  'session-dir': 'Work in a custom session location.',
  steps: `Plan:
Create a 3-step plan for adding rate limiting to the API.
Step 1 result:
Create a 3-step plan for adding rate limiting to the API. > Implement step 1 from the plan.
Step 2 result:
Create a 3-step plan for adding rate limiting to the API. > Implement step 1 from the plan. > Implement step 2 from the plan.`,
};

describe.concurrent('each example does what it says', () => {
  test.each(Object.entries(outputs))('%s', async (name, expected) => {
    const { cwd, output } = await run(name);
    expect(output).toBe(expected);
    if (name === 'session-dir') expect(readdirSync(join(cwd, 'sessions'))).toHaveLength(1);
    if (name === 'stateless') expect(existsSync(join(cwd, 'home'))).toBe(false);
  });

  test('session-info', async () => {
    const { cwd, output } = await run('session-info');
    expect(output).toBe(
      [
        'Session: <id>',
        `Working dir: ${cwd}`,
        'Model: stand-in-1',
        'Access: edit',
        'Tools: Read, Edit',
        'MCP servers: database',
        "<id> 1 { state: 'measured', usd: 0.01 }",
      ].join('\n'),
    );
  });

  test('session-object', async () => {
    const { output } = await run('session-object');
    expect(output).toMatch(
      /^<id> \d{13} \[\]\n\{\s+seq: 1,.*text: 'Hello'.*\}\n500 \{\s+seq: 2,.*text: '1'.*\}\ntrue true$/s,
    );
  });

  test('picker', async () => {
    const { output } = await run('picker');
    expect(output).toMatch(/title: 'Payments: the plan',\s+tags: \[ 'payments' \]/);
    expect(output).toMatch(
      /role: 'user',.*text: 'Plan the payment module'.*role: 'assistant',.*text: 'Plan the payment/s,
    );
  });
});

describe('the document shows', () => {
  const files = readdirSync(examples).filter((name) => name.endsWith('.ts'));
  const ours = (name: string) => readFileSync(new URL(name, examples), 'utf8');
  /** Each of theirs with ours below it. */
  const pairs = [...documented.matchAll(/```(python|ruby|php|typescript)\n([\s\S]*?)```\n+```ts\n([\s\S]*?)```/g)];
  const size = (code: string) => code.split('\n').filter((line) => line.trim() !== '').length;

  test.each(files)('%s, as it is', (name) => {
    expect(documented).toContain(`\`\`\`ts\n${ours(name)}\`\`\``);
    expect(documented).toContain(`packages/agent/examples/${name}`);
    expect([...Object.keys(outputs), 'session-info', 'session-object', 'picker']).toContain(name.replace('.ts', ''));
  });

  test.each(pairs.map(([, language, theirs, mine]) => [language, theirs ?? '', mine ?? ''] as const))(
    'code of the same size: %s',
    (_language, theirs, mine) => {
      const statements = mine.replace(/^import .*\n/gm, '');
      expect(size(statements)).toBeLessThanOrEqual(size(theirs) + 1);
    },
  );

  test('nothing else', () => {
    const blocks = [...documented.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
    expect([...new Set(blocks)].sort()).toEqual(files.map(ours).sort());
    expect(pairs.length).toBeGreaterThanOrEqual(17);
  });
});
