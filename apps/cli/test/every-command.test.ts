import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../src/main.ts';
import { withCommands } from '../src/program.ts';
import { openConversation } from './conversation.ts';
import { type Ended, jsonLines, type Stage, stageIn } from './stage.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-every-')));
let stage: Stage;
/** By the words that stand for them in the tables. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  stage = stageIn(folder, { env: { PATH: '/usr/bin:/bin' } });
  stage.agents({ maker: 'cat > /dev/null; echo "$PAWL_ATTEMPT" > made.txt' });
  const flow = (name: string, more: string, gate = 'true') => `name: ${name}
steps:
  - { name: make, type: code, agent: maker, ${more} prompt: "{spec}", gate: ["bash: '${gate}'"] }
`;
  stage.write({
    '.pawl/workflows/well.yaml': flow('well', ''),
    '.pawl/workflows/breaks.yaml': flow('breaks', '', 'false'),
    '.pawl/workflows/asks.yaml': flow('asks', 'hitl: after_gate,'),
  });
  stage.commit('Workflows');
  const asking = ['APPROVED', 'REJECTED', 'ANSWERED', 'NAMED', 'ABORTED', 'WAITING'].map(
    (name) => [name, 'asks'] as const,
  );
  for (const [name, workflow] of [['PASSED', 'well'], ['FAILED', 'breaks'], ...asking] as const)
    ids[name] = String(jsonLines((await stage.call('run', workflow, '--spec', 'spec.md', '--json')).stdout)[0]?.run);
  ids.SESSION = (await openConversation(stage)).id;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** Words of a table: an id in capitals is cut where it still names one, and is whole with `!` behind it. */
const worded = (text: string): readonly string[] =>
  text
    .split(' ')
    .map((word) => word.replace(/\b[A-Z]{4,}\b(!?)/, (name, whole) => idOf(name.replace('!', ''), whole !== '')));

const idOf = (name: string, whole: boolean): string => {
  const id = ids[name] ?? name;
  return whole ? id : id.slice(0, name === 'SESSION' ? 8 : -1);
};

const call = (text: string): Promise<Ended> => stage.call(...worded(text));

/** Every command that does something, by its words. */
const commandsIn = (command: Command, above: readonly string[] = []): readonly [name: string, command: Command][] =>
  command.commands.flatMap((child) => {
    const words = [...above, child.name()];
    return child.commands.length > 0 ? commandsIn(child, words) : [[words.join(' '), child] as [string, Command]];
  });
const commands = commandsIn(withCommands(() => async () => {}));
const hasJson = ({ options }: Command): boolean => options.some(({ long }) => long === '--json');
const withJson = commands.filter(([, command]) => hasJson(command)).map(([name]) => name);
/** Arguments that a command must have, as nobody would name anything. */
const mandatoryOf = ({ options }: Command): readonly string[] =>
  options.flatMap(({ long, mandatory }) => (mandatory && long ? [long, 'nothing'] : []));
const argumentsOf = (command: Command): readonly string[] => [
  ...command.registeredArguments.filter(({ required }) => required).map((_, index) => `nothing-${index}`),
  ...mandatoryOf(command),
];

const errorSchema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../schemas/error.schema.json'), 'utf8'),
) as Schema;

/** What a refusal must be like with `--json`, whatever it is about. */
function refused({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): Record<string, string> {
  const last = jsonLines(stdout).at(-1) as { readonly error: Record<string, string> } | undefined;
  expect(new Validator(errorSchema).validate(last).errors).toEqual([]);
  expect(last?.error.code).not.toBe('internal');
  expect(stderr).toContain('pawl: ');
  return last?.error ?? {};
}

describe('words that are mistyped', () => {
  const options = commands.flatMap(([name, command]) =>
    command.options.flatMap(({ long }) => (long && long.length > 5 ? [[name, long, command] as const] : [])),
  );
  test(`all ${options.length} options of all commands are suggested`, async () => {
    expect(options.length).toBeGreaterThan(100);
    for (const [name, long, command] of options) {
      // Two letters in the wrong order.
      const at = long.length - 3;
      const typed = `${long.slice(0, at)}${long[at + 1]}${long[at]}${long.slice(at + 2)}`;
      if (typed === long || mandatoryOf(command).length > 0) continue;
      const { code, stderr } = await stage.call(...name.split(' '), typed);
      expect({ name, typed, code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`did you mean ${long}`),
      });
    }
  });

  test('all commands are suggested', async () => {
    for (const [name] of commands) {
      const words = name.split(' ');
      const last = words.pop() ?? '';
      const typed = [...words, `${last}${last.at(-1)}`];
      const { code, stderr } = await stage.call(...typed);
      expect({ typed, code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`did you mean ${last}?`),
      });
    }
  });

  test.each([
    ['run wlel --spec spec.md', 'well'],
    ['run well --spec spec.md --agent mkaer', '`maker`'],
    ['run well --spec spec.md --pause-after mkae', 'make'],
    ['workflows show wlel', 'well'],
    ['workflows check wlel', 'well'],
    ['workflows new mine --from wlel', 'well'],
    ['report --format htlm', 'html'],
    ['report PASSED --detail mkae', 'make'],
    ['explain mkae --run FAILED', 'make'],
    ['diff PASSED --step mkae', 'make'],
    ['logs PASSED --step mkae', 'make'],
    ['abort WAITING --step mkae', 'make'],
    ['replay FAILED --from-step mkae', 'make'],
    ['approve WAITING --step mkae', 'make'],
    ['answer WAITING --choice abrot', 'abort'],
    ['undo mkae#1/checkpoint', 'make#1/checkpoint'],
    ['models cluade', 'claude'],
    ['completion bahs', 'bash'],
    ['config get comands', 'commands'],
    ['config set comands.test x', 'commands'],
    ['sessions resume SESSION --access raed-only go', 'read-only'],
    ['sessions resume SESSION --agent cluade go', 'claude'],
    ['dashboard usres', 'users'],
  ])('%s', async (text, meant) => {
    const { code, stderr } = await call(text);
    expect(code).toBe(2);
    const escaped = meant.replace(/[`.]/g, '\\$&');
    expect(stderr).toMatch(new RegExp(`did you mean ${escaped}\\?|it has ${escaped}$|there are ${escaped}$`, 'm'));
  });

  test('ids of runs and sessions', async () => {
    for (const [command, name] of [
      ['status', 'PASSED'],
      ['sessions show', 'SESSION'],
    ] as const) {
      const id = ids[name] ?? '';
      const wrong = `${id.slice(0, -2)}~~`.replaceAll('~', name === 'SESSION' ? 'z' : '0');
      const { code, stderr } = await stage.call(...command.split(' '), wrong);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`did you mean ${id}?`) });
    }
  });
});

describe('short ids', () => {
  /** What a command answers to a short id, and what that says of the thing it names. */
  const takes: Readonly<Record<string, readonly (readonly [text: string, code: number])[]>> = {
    status: [['status PASSED --json', 0]],
    report: [
      ['report PASSED --json', 0],
      ['report --compare PASSED FAILED --json', 0],
    ],
    explain: [['explain --run FAILED --json', 0]],
    diff: [['diff PASSED --json', 0]],
    logs: [['logs PASSED --json', 0]],
    apply: [['apply PASSED --dry-run --json', 0]],
    undo: [['undo --run FAILED --json', 0]],
    attach: [['attach PASSED', 0]],
    approve: [
      ['approve APPROVED --json', 0],
      ['approve --run NAMED --json', 0],
    ],
    reject: [
      ['reject REJECTED --comment more --json', 3],
      ['reject --run REJECTED --comment more --json', 3],
    ],
    answer: [
      ['answer ANSWERED --choice abort --json', 4],
      ['answer --run WAITING --choice retry --comment more --json', 3],
    ],
    resume: [['resume FAILED --json', 1]],
    replay: [['replay FAILED --from-step make --json', 1]],
    run: [
      ['run --resume --run FAILED --json', 1],
      ['run --replay --run FAILED --from-step make --json', 1],
    ],
    pause: [['pause PASSED', 2]],
    abort: [['abort ABORTED --json', 0]],
    'sessions list': [
      ['sessions list --run PASSED --json', 0],
      ['sessions list --before SESSION --json', 0],
    ],
    'sessions search': [
      ['sessions search do --run PASSED --json', 0],
      ['sessions search do --before SESSION --json', 0],
    ],
    'sessions show': [['sessions show SESSION --json', 0]],
    'sessions messages': [['sessions messages SESSION --json', 0]],
    'sessions resume': [['sessions resume SESSION --json', 0]],
    'sessions rename': [['sessions rename SESSION Till --json', 0]],
    'sessions tag': [['sessions tag SESSION drawer --json', 0]],
    'sessions untag': [['sessions untag SESSION drawer --json', 0]],
    'sessions fork': [['sessions fork SESSION --json', 0]],
    'sessions rewind': [['sessions rewind SESSION --at 2 --json', 0]],
    'sessions export': [['sessions export SESSION --output till.pawl --json', 0]],
    'sessions archive': [['sessions archive SESSION --json', 0]],
    'sessions remove': [['sessions remove SESSION --json', 0]],
  };

  test('the table has every command that takes the id of a run or of a session', () => {
    const taking = commands.filter(([, { registeredArguments, options }]) =>
      [...registeredArguments.map((argument) => argument.name()), ...options.map(({ flags }) => flags)].some((word) =>
        /^(runs?|sessions?)$|<(run|session)s?(\.{3})?>|^--run /.test(word),
      ),
    );
    expect(taking.map(([name]) => name).sort()).toEqual(Object.keys(takes).sort());
  });

  test.each(Object.entries(takes).flatMap(([, cases]) => cases))('%s', async (text, code) => {
    const ended = await call(text);
    expect(ended).toMatchObject({ code });
    expect(ended.stderr).not.toMatch(/no (run|session) is named/);
    const [, name = ''] = /\b([A-Z]{4,})\b/.exec(text) ?? [];
    const { run, session } = ended.stdout.startsWith('{') ? (jsonLines(ended.stdout)[0] ?? {}) : {};
    // What goes on does not repeat whose it is; a replay is another run, a fork another session.
    if (/^(status|report|explain|diff|apply|sessions (show|resume|rewind)) [A-Z]/.test(text))
      expect([run, session, (session as { readonly id?: string } | undefined)?.id]).toContain(ids[name]);
  });

  test('the sessions of a run are found by the beginning of its id', async () => {
    const { sessions } = JSON.parse((await call('sessions list --run PASSED --json')).stdout);
    expect(sessions).toHaveLength(1);
    expect(sessions).toEqual(JSON.parse((await call('sessions list --run PASSED! --json')).stdout).sessions);
  });

  test('one that names several is refused with all of them', async () => {
    const several = (ids.PASSED ?? '').slice(0, 7);
    const { code, stdout } = await stage.call('status', several, '--json');
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout);
    expect(error.code).toBe('ambiguous-run');
    expect(error.candidates).toEqual(expect.arrayContaining([ids.PASSED, ids.FAILED]));
  });
});

describe('exit codes', () => {
  test.each([
    ['run well --spec spec.md', 0],
    ['run breaks --spec spec.md', 1],
    ['run well --spec nothing.md', 2],
    ['run asks --spec spec.md', 3],
    ['run well --spec spec.md --agent codex', 5],
    ['report FAILED', 0],
    ['apply FAILED', 2],
    ['workflows check', 0],
  ] as const)('%s: %i', async (text, code) => {
    expect(await call(text)).toMatchObject({ code });
  });

  test.each(withJson)(
    '%s refuses with 2 what it does not know, as data and with a command that works',
    async (name) => {
      const command = commands.find(([each]) => each === name)?.[1];
      if (!command) throw new Error(name);
      const ended = await stage.call(...name.split(' '), ...argumentsOf(command), '--nosuch', '--json');
      expect(ended.code).toBe(2);
      expect(refused(ended)).toMatchObject({ code: 'unknownOption', hint: expect.stringMatching(/^pawl help /) });
    },
  );

  /** Where there is no repository, and where pawl's home is a file: 5, or what needs neither is done. */
  const elsewhere = ['outside a repository', 'with a home that is a file'] as const;
  test.each(elsewhere.flatMap((where) => withJson.map((name) => [name, where] as const)))(
    '%s %s is done, or refused as data with 2 or 5',
    async (name, where) => {
      const command = commands.find(([each]) => each === name)?.[1];
      const cwd = where === elsewhere[0] ? join(folder, 'nowhere') : stage.repository;
      const home = join(folder, 'file');
      mkdirSync(join(folder, 'nowhere'), { recursive: true });
      writeFileSync(home, '');
      const env = where === elsewhere[0] ? stage.env : { ...stage.env, PAWL_HOME: home };
      const text = { stdout: '', stderr: '' };
      const write = (to: 'stdout' | 'stderr') => ({
        write: (part: string): void => {
          text[to] += part;
        },
      });
      const words = [...name.split(' '), ...(command ? argumentsOf(command) : []), '--json'];
      const code = await main(words, { cwd, env, stdout: write('stdout'), stderr: write('stderr') });
      expect([0, 2, 5]).toContain(code);
      if (code !== 0 && name !== 'doctor') refused(text);
    },
  );
});
