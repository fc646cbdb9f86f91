import { describe, expect, test } from 'vitest';
import { type CommandKind, resolveCommand } from '../src/gates/resolve.ts';
import { RunnerError, startRun } from '../src/index.ts';
import { World } from './fakes.ts';
import { checks, planOf } from './plans.ts';

type Files = Readonly<Record<string, string | Error>>;

async function resolved(kind: CommandKind, files: Files, commands: Partial<Record<CommandKind, string>> = {}) {
  const world = new World();
  const ports = world.ports();
  const read = async (_: string, path: string) => {
    const found = files[path];
    if (found instanceof Error) throw found;
    return found;
  };
  const state = await startRun('r1', planOf(world.repository.base, [], { settings: { commands } }), ports);
  const lane = await ports.worktrees.open({ run: 'r1', name: 'main', base: world.repository.base });
  const names = async () => [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))];
  const worktreeFiles = { ...ports.worktreeFiles, read, names };
  const surroundings = { state, ports: { ...ports, worktreeFiles }, signal: new AbortController().signal };
  return resolveCommand(kind, lane, { ...surroundings, observe: () => {} });
}
const scripts = (all: Readonly<Record<string, unknown>>, more: object = {}) => ({
  'package.json': JSON.stringify({ scripts: all, ...more }),
});
const every = { build: 'tsc', test: 'vitest', lint: 'biome' };
const tooLarge = new RunnerError('file-too-large', 'pnpm-lock.yaml is larger than 1048576 bytes');

describe('the command of a gate', () => {
  test.each<[string, CommandKind, Files, string]>([
    ['npm', 'test', scripts(every), 'npm run test'],
    ['npm', 'compile', scripts(every), 'npm run build'],
    ['npm', 'lint', scripts(every), 'npm run lint'],
    ['another name', 'compile', scripts({ build: ' ', typecheck: 'tsc' }), 'npm run typecheck'],
    ['pnpm by its lockfile', 'test', { ...scripts(every), 'pnpm-lock.yaml': '' }, 'pnpm run test'],
    ['pnpm by a large lockfile', 'test', { ...scripts(every), 'pnpm-lock.yaml': tooLarge }, 'pnpm run test'],
    ['yarn', 'test', { ...scripts(every), 'yarn.lock': '' }, 'yarn run test'],
    ['bun', 'test', { ...scripts(every), 'bun.lockb': '' }, 'bun run test'],
    [
      'as declared',
      'test',
      { ...scripts(every, { packageManager: 'yarn@4.1.0+sha' }), 'bun.lock': '' },
      'yarn run test',
    ],
    ['declared nonsense', 'test', scripts(every, { packageManager: 'rm -rf /' }), 'npm run test'],
    ['with a byte order mark', 'test', { 'package.json': `\uFEFF${scripts(every)['package.json']}` }, 'npm run test'],
    ['go', 'compile', { 'go.mod': '' }, 'go build ./...'],
    ['go', 'test', { 'go.mod': '' }, 'go test ./...'],
    ['go', 'lint', { 'go.mod': '' }, 'go vet ./...'],
    ['cargo', 'compile', { 'Cargo.toml': '' }, 'cargo build'],
    ['cargo', 'test', { 'Cargo.toml': '' }, 'cargo test'],
    ['cargo', 'lint', { 'Cargo.toml': '' }, 'cargo clippy -- -D warnings'],
    ['python', 'compile', { 'pyproject.toml': '' }, 'python3 -m compileall -q .'],
    ['python', 'test', { 'pyproject.toml': '' }, 'python3 -m pytest'],
    ['make', 'test', { Makefile: 'all: build\ntest: all\n\tgo test' }, 'make test'],
    ['maven', 'compile', { 'pom.xml': '' }, 'mvn -q -B compile'],
    ['maven, as the project brings it', 'test', { 'pom.xml': '', mvnw: '' }, 'sh ./mvnw -B test'],
    ['gradle', 'test', { 'build.gradle': '' }, 'gradle test'],
    ['gradle, as the project brings it', 'test', { 'build.gradle.kts': '', gradlew: '' }, 'sh ./gradlew test'],
    ['elixir', 'coverage', { 'mix.exs': '' }, 'mix test --cover'],
    ['php', 'test', { 'composer.json': '' }, 'vendor/bin/phpunit'],
    ['ruby', 'test', { Gemfile: '' }, 'bundle exec rake test'],
    ['.NET', 'compile', { 'Shop.csproj': '' }, 'dotnet build'],
    ['.NET', 'test', { 'Shop.sln': '' }, 'dotnet test'],
    ['not .NET by a file further down', 'test', { 'a/b.csproj': '', Makefile: 'test:' }, 'make test'],
    ['make, two targets', 'compile', { Makefile: 'test build: x' }, 'make build'],
    ['make, another name', 'test', { makefile: 'check::\n' }, 'make check'],
    ['make, its first file', 'lint', { GNUmakefile: 'lint:', Makefile: 'x:' }, 'make lint'],
    ['of the next project', 'test', { ...scripts({ build: 'x' }), 'go.mod': '' }, 'go test ./...'],
    [
      'not what npm init writes',
      'test',
      { ...scripts({ test: 'echo "Error: no test specified" && exit 1' }), Makefile: 'test:' },
      'make test',
    ],
    ['of the next project rather than none', 'compile', { ...scripts({}), Makefile: 'build:' }, 'make build'],
  ])('%s: %s', async (_, kind, files, command) => expect(await resolved(kind, files)).toEqual({ command }));

  test('of the configuration comes first, even an odd one', async () => {
    expect(await resolved('test', { 'go.mod': '' }, { test: './t.sh' })).toEqual({ command: './t.sh' });
  });

  test.each<[string, CommandKind, Files, string]>([
    [
      'no project',
      'test',
      {},
      'No test command was found in this project: name one in .pawl/config.yaml: commands: { test: "…" }',
    ],
    [
      'no target',
      'compile',
      { Makefile: 'build := 1\n\tbuild:\n# build:\nbuild ::= 2\nx = build: y\n.PHONY: build' },
      'No compile command',
    ],
    ['no script', 'test', scripts({ constructor: 'x' }), 'No test command'],
    ['odd scripts', 'test', scripts({ test: 5 }), 'No test command'],
    ['broken JSON', 'test', { 'package.json': '{' }, 'package.json is not valid JSON'],
    [
      'a link in its place',
      'test',
      { 'package.json': new RunnerError('outside-worktree', 'package.json is not a plain file') },
      'package.json is not a plain file',
    ],
    [
      'a file nobody may read',
      'lint',
      { Makefile: Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }) },
      'permission denied',
    ],
  ])('a project that tells none says what to do: %s', async (_, kind, files, text) => {
    expect(await resolved(kind, files)).toEqual({ problem: expect.stringContaining(text) });
  });

  test('lint may be missing, and so may a build of JavaScript', async () => {
    expect(await resolved('lint', {})).toEqual({ skipped: expect.stringContaining('.pawl/config.yaml') });
    expect(await resolved('lint', { 'pyproject.toml': '' })).toHaveProperty('skipped');
    expect(await resolved('compile', scripts({ test: 'x' }))).toEqual({
      skipped: 'package.json has no build, compile or typecheck script',
    });
  });

  test.each([
    [
      'no package',
      'go: warning: "./..." matched no packages\nno packages to test\n',
      { pass: true, skipped: 'there is no package to test' },
    ],
    ['a failure that says so too', '--- FAIL: TestIt\nno packages to test\nFAIL\n', { pass: false }],
    ['another failure', 'cannot find module\n', { pass: false }],
  ])('go test without tests fails nothing, but for what has failed: %s', async (_, output, expected) => {
    const world = new World({
      files: { 'go.mod': 'module x\n' },
      commands: { 'go test ./...': () => ({ code: 1, output }) },
    });
    const state = await startRun('r1', planOf(world.repository.base, [checks('quality', 'test')]), world.ports());
    expect(state.steps.quality?.gates.test).toMatchObject(expected);
  });

  test('in a run: skipped passes and is shown, a problem fails with its text', async () => {
    const world = new World({ files: { 'package.json': '{}' } });
    const plan = planOf(world.repository.base, [checks('quality', 'lint', 'compile', 'test', 'tests_found')]);
    const state = await startRun('r1', plan, world.ports());
    expect(state.steps.quality?.gates).toMatchObject({
      lint: { pass: true, skipped: expect.any(String) },
      compile: { pass: true, skipped: expect.any(String) },
      test: { pass: false, failure: expect.stringContaining('No test command') },
      tests_found: { pass: false, failure: expect.stringContaining('No test command') },
    });
    expect(world.ran).toEqual([]);
  });
});
