import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openConversation, withStore } from './conversation.ts';
import { jsonLines, type Stage, stageIn, until } from './stage.ts';
import { seen, shortFolder, type View } from './steady.ts';

const made = vi.hoisted(() => ({ uuids: 0, numbers: 0 }));
/** Ids are made in order: they are sorted by. Of runs the last four letters are alike. */
vi.mock('node:crypto', async (original) => ({
  ...(await original<typeof import('node:crypto')>()),
  randomUUID: () => {
    made.uuids += 1;
    return `${String(made.uuids).padStart(6, '0').split('').reverse().join('')}5e-5101-4000-8000-00000000c0de`;
  },
  randomInt: (below: number) => {
    made.numbers += 1;
    return Math.floor((made.numbers - 1) / 4) % below;
  },
}));
// How long something took, and how large it is, stands in lines that are broken and cut by their width.
vi.mock('@pawl/process', async (original) => {
  const real = await original<typeof import('@pawl/process')>();
  return {
    ...real,
    runCommand: async (options: Parameters<typeof real.runCommand>[0]) => ({
      ...(await real.runCommand(options)),
      durationMs: 5,
    }),
  };
});
vi.mock('@pawl/report', async (original) => {
  const real = await original<typeof import('@pawl/report')>();
  const { stepLine, verdictLine } = real;
  return {
    ...real,
    formatDuration: () => '1.0s',
    stepLine: (...[step, options]: Parameters<typeof stepLine>) =>
      stepLine(step.startedAt === undefined ? step : { ...step, startedAt: 0, endedAt: 1000 }, options),
    verdictLine: (...[report, options]: Parameters<typeof verdictLine>) =>
      verdictLine({ ...report, durationMs: 1000 }, options),
  };
});
vi.mock('@pawl/worktree', async (original) => {
  const real = await original<typeof import('@pawl/worktree')>();
  return {
    ...real,
    worktreesOf: async (options: Parameters<typeof real.worktreesOf>[0]) =>
      (await real.worktreesOf(options)).map((entry) => ({ ...entry, bytes: 1200 })),
  };
});

const folder = shortFolder();
const kept = `${folder}-kept`;
let stage: Stage;
let before: typeof made;
const runs = { passed: '', failed: '', approved: '', rejected: '', answered: '' };
let conversation: Awaited<ReturnType<typeof openConversation>>;

const workflows = {
  '.pawl/workflows/well.yaml': `name: well
steps:
  - { name: make, type: code, agent: maker, prompt: "{spec}", gate: ["bash: grep -q till src/till.txt"] }
  - { name: check, gate: ["bash: 'true'"] }
`,
  '.pawl/workflows/breaks.yaml': `name: breaks
steps:
  - { name: make, type: code, agent: maker, prompt: "{spec}", gate: ["bash: test -f drawer"] }
`,
  '.pawl/workflows/asks.yaml': `name: asks
steps:
  - { name: make, type: code, agent: maker, hitl: after_gate, prompt: "{spec}", gate: ["bash: 'true'"] }
`,
  '.pawl/workflows/works.yaml': `name: works
steps:
  - { name: make, type: code, agent: worker, prompt: "{spec}", gate: ["bash: 'true'"] }
`,
};

beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC');
  stage = stageIn(folder, { env: { PATH: '/usr/bin:/bin', PAWL_OWNER: 'ada' } });
  stage.agents(
    {
      maker: `cat > /dev/null; mkdir -p src; echo "the till $PAWL_ATTEMPT" > src/till.txt
echo '{"type":"text","text":"I have built the till, and I have looked at the drawer too."}'
echo '{"type":"usage","inputTokens":1200,"outputTokens":30,"costUsd":0.02,"turns":1}'`,
      worker: `cat > /dev/null; echo at work; touch ${folder}/begun
until [ -f ${folder}/go ]; do sleep 0.05; done; echo done > till.txt`,
    },
    'commands: { test: "npm test" }\n',
  );
  stage.write(workflows);
  stage.commit('Workflows');
  const begun = async (workflow: string) =>
    String(jsonLines((await stage.call('run', workflow, '--spec', 'spec.md', '--json')).stdout)[0]?.run);
  for (const [name, workflow] of [
    ['passed', 'well'],
    ['failed', 'breaks'],
    ['approved', 'asks'],
    ['rejected', 'asks'],
    ['answered', 'asks'],
  ] as const)
    runs[name] = await begun(workflow);
  conversation = await openConversation(stage);
  before = { ...made };
  cpSync(folder, kept, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}, 300_000);
afterEach(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  cpSync(kept, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  Object.assign(made, before);
});
afterAll(() => {
  vi.unstubAllEnvs();
  for (const each of [folder, kept]) rmSync(each, { recursive: true, force: true, maxRetries: 3 });
});

/** One after the other: each finds what those before it have left. */
const story = (): readonly (readonly string[])[] => [
  ['diff', runs.passed],
  ['diff', runs.passed, '--stat'],
  ['diff', runs.failed, '--step', 'make'],
  ['diff', runs.failed],
  ['apply', runs.failed],
  ['apply', runs.passed, '--dry-run'],
  ['apply', runs.passed],
  ['undo', '--limit', '3'],
  ['undo', 'make#1/checkpoint', '--run', runs.passed, '--branch', 'again'],
  ['undo', 'nothing'],
  ['gc'],
  ['explain', '--run', runs.approved],
  ['approve', runs.approved],
  ['reject', runs.rejected, '--comment', 'The drawer is missing.'],
  ['answer', runs.answered, '--choice', 'maybe'],
  ['answer', runs.answered, '--choice', 'abort'],
  ['resume', runs.failed],
  ['replay', runs.failed, '--from-step', 'mak'],
  ['replay', runs.failed, '--from-step', 'make'],
  ['logs', runs.failed],
  ['logs', runs.passed, '--gates'],
  ['init', '--yes'],
  ['doctor'],
  ['models', 'cluade'],
  ['completion', 'bash'],
  ['completion', 'zsh'],
  ['completion', 'fish'],
  ['completion', 'powershell'],
  ['completion', 'tcsh'],
  ['config', 'set', 'commands.lint', 'npm run lint'],
  ['config', 'set', 'max_parallel', 'many'],
  ['config', 'get', 'commands'],
  ['config', 'list'],
  ['workflows', 'new', 'mine'],
  ['workflows', 'new', 'mine'],
  ['workflows', 'show', 'mine'],
  ['workflows', 'show', 'mien'],
  ['workflows', 'check', 'mine'],
  ['sessions'],
  ['sessions', 'list', '--limit', '2'],
  ['sessions', 'list', '--tag', 'nothing'],
  ['sessions', 'show', conversation.id],
  ['sessions', 'show', 'nothing'],
  ['sessions', 'messages', conversation.id],
  ['sessions', 'messages', conversation.id, '--limit', '1'],
  ['sessions', 'search', 'drawer'],
  ['sessions', 'search', 'nothing'],
  ['sessions', 'rename', conversation.id, 'The till and its drawer'],
  ['sessions', 'tag', conversation.id, 'drawer', 'money'],
  ['sessions', 'untag', conversation.id, 'money'],
  ['sessions', 'fork', conversation.id, '--at', '2'],
  ['sessions', 'fork', conversation.id, '--at', '17'],
  ['sessions', 'rewind', conversation.id, '--at', '2'],
  ['sessions', 'show', conversation.id],
  ['sessions', 'export', conversation.id, '--output', 'till.pawl'],
  ['sessions', 'export', conversation.id, '--output', 'till.pawl'],
  ['sessions', 'resume', conversation.id],
  ['sessions', 'archive', conversation.id],
  ['sessions', 'archive', conversation.id, '--undo'],
  ['sessions', 'remove', conversation.id],
  ['sessions', 'import', 'till.pawl'],
  ['sessions', 'import', 'till.pawl'],
  ['dashboard', 'users'],
  ['dashboard', 'usres'],
];

/** Of a run that is at work. */
async function atWork(view: View): Promise<readonly string[]> {
  const running = seen(stage, ['run', 'works', '--spec', 'spec.md'], view);
  await until('the agent', () => existsSync(join(folder, 'begun')), 60_000);
  const parts = [await seen(stage, ['status'], view)];
  parts.push(await seen(stage, ['pause'], view), await seen(stage, ['pause', '--off'], view));
  const shown = [seen(stage, ['attach'], view), seen(stage, ['logs', '--follow'], view)];
  writeFileSync(join(folder, 'go'), '');
  parts.push(...(await Promise.all(shown)), await running);
  for (const file of ['go', 'begun']) rmSync(join(folder, file));
  // In a process of its own: who asks for it waits for the end of that.
  const other = stage.start('run', 'works', '--spec', 'spec.md', '--json');
  await until('the agent', () => existsSync(join(folder, 'begun')), 60_000);
  parts.push(await seen(stage, ['abort', (await newest()) ?? ''], view));
  await other.ended;
  return parts;
}

/** Sessions are called by the first six letters of their ids, and by more where these name two. */
const withSteadySessions = (text: string, ids: readonly string[]): string =>
  ids.reduce((told, id, index) => {
    const stable = `5e55${String(index + 1).padStart(2, '0')}`;
    return told.replace(new RegExp(`${id.slice(0, 6)}[0-9a-f]*`, 'g'), ({ length }) => stable.padEnd(length, '0'));
  }, text);

/** How many ids are made before one that is shown is nobody's promise: they are numbered as they are first seen. */
function withSteadyIds(text: string): string {
  const seen = new Map<string, string>();
  return text.replace(/\b\d{6}(?=5e-5101-)/g, (id) => {
    const known = seen.get(id) ?? String(seen.size + 1).padStart(6, '0');
    seen.set(id, known);
    return known;
  });
}

const newest = async () =>
  (JSON.parse((await stage.call('list', '--json')).stdout) as { runs: { id: string }[] }).runs[0]?.id;

/** What colours is taken away for the plain ones: that a colour never moves anything is held by golden.test.ts. */
test.each([40, 80, 120])(
  'what people see of what changes something at %i columns',
  async (columns) => {
    const view = { columns, color: true };
    const parts: string[] = [];
    const sessions = new Set<string>();
    for (const args of story()) {
      for (const { id } of await withStore(stage, (store) => store.sessions.list({ archived: 'also' })))
        sessions.add(id);
      parts.push(await seen(stage, args, view));
    }
    parts.push(...(await atWork(view)));
    const text = withSteadyIds(withSteadySessions(parts.join('\n'), [...sessions]));
    await expect(text).toMatchFileSnapshot(`golden/acts-${columns}-colour.txt`);
    await expect(text.replace(/␛\[[0-9;]*m/g, '')).toMatchFileSnapshot(`golden/acts-${columns}.txt`);
  },
  600_000,
);
