import { readManifest } from './manifest.ts';
import type { CommandKind, Resolved } from './resolve.ts';

/** Undefined when it is absent. */
type ReadFile = (path: string) => Promise<string | undefined>;
export interface ProjectFiles {
  readonly read: ReadFile;
  /** Of what lies in the top folder. */
  names(): Promise<readonly string[]>;
}
interface Project {
  /** Undefined when the worktree's top folder holds no such project, or one that does not tell. */
  resolve(kind: CommandKind, files: ProjectFiles): Promise<Resolved | undefined>;
}
type Commands = Readonly<Partial<Record<CommandKind, string>>>;

/** Known kinds of project, first match wins. */
export const projects: readonly Project[] = [
  { resolve: nodePackage },
  fixed('go.mod', {
    compile: 'go build ./...',
    test: 'go test ./...',
    lint: 'go vet ./...',
    coverage: 'go test -coverprofile=.pawl/out/cover ./... && go tool cover -func=.pawl/out/cover',
  }),
  fixed('Cargo.toml', {
    compile: 'cargo build',
    test: 'cargo test',
    lint: 'cargo clippy -- -D warnings',
    coverage: 'cargo tarpaulin --out Stdout',
  }),
  // Not every system has a `python`.
  fixed('pyproject.toml', {
    compile: 'python3 -m compileall -q .',
    test: 'python3 -m pytest',
    coverage: 'python3 -m pytest --cov',
  }),
  wrapped('pom.xml', 'mvn', 'mvnw', { compile: '-q -B compile', test: '-B test' }),
  wrapped('build.gradle', 'gradle', 'gradlew', { compile: '-q classes', test: 'test' }),
  wrapped('build.gradle.kts', 'gradle', 'gradlew', { compile: '-q classes', test: 'test' }),
  { resolve: dotnet },
  fixed('mix.exs', { compile: 'mix compile --warnings-as-errors', test: 'mix test', coverage: 'mix test --cover' }),
  fixed('composer.json', { compile: 'composer validate --no-check-publish', test: 'vendor/bin/phpunit' }),
  fixed('Gemfile', { compile: 'bundle check', test: 'bundle exec rake test' }),
  { resolve: makeTarget },
];

function fixed(marker: string, commands: Commands): Project {
  return {
    async resolve(kind, { read }) {
      const command = commands[kind];
      return command !== undefined && (await read(marker)) !== undefined ? { command } : undefined;
    },
  };
}

/** A project may bring the program itself, in the version that it needs. */
function wrapped(marker: string, program: string, wrapper: string, commands: Commands): Project {
  const plain = fixed(marker, commands);
  return {
    async resolve(kind, files) {
      const found = await plain.resolve(kind, files);
      if (!found || !('command' in found)) return found;
      const own = (await files.names()).includes(wrapper) ? `sh ./${wrapper}` : program;
      return { command: `${own} ${found.command}` };
    },
  };
}

const dotnetCommands: Commands = {
  compile: 'dotnet build',
  test: 'dotnet test',
  lint: 'dotnet format --verify-no-changes',
};

/** Known by the ends of names only. */
async function dotnet(kind: CommandKind, { names }: ProjectFiles): Promise<Resolved | undefined> {
  const command = dotnetCommands[kind];
  const isOne = command !== undefined && (await names()).some((name) => /\.(?:slnx?|[cf]sproj)$/.test(name));
  return isOne ? { command } : undefined;
}

const scriptNames: Readonly<Record<CommandKind, readonly string[]>> = {
  compile: ['build', 'compile', 'typecheck'],
  test: ['test'],
  lint: ['lint'],
  coverage: ['coverage', 'test:coverage'],
};
const managers = ['npm', 'pnpm', 'yarn', 'bun'];
const lockfiles: readonly (readonly [file: string, manager: string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];
/** What `npm init` writes. */
const noTest = /^echo "Error: no test specified" && exit 1$/;

async function nodePackage(kind: CommandKind, { read }: ProjectFiles): Promise<Resolved | undefined> {
  const text = await read('package.json');
  if (text === undefined) return undefined;
  const manifest = readManifest(text);
  if (!manifest) return { problem: 'package.json is not valid JSON' };
  const script = scriptNames[kind].find((name) => isCommand(manifest.scripts.get(name)));
  if (script !== undefined) return { command: `${await packageManager(manifest.packageManager, read)} run ${script}` };
  if (kind === 'compile') return { skipped: 'package.json has no build, compile or typecheck script' };
  return undefined;
}

const isCommand = (script: string | undefined): boolean => !!script?.trim() && !noTest.test(script.trim());

async function packageManager(declared: string | undefined, read: ReadFile): Promise<string> {
  const name = declared?.split('@', 1)[0];
  if (name && managers.includes(name)) return name;
  // One that is too large to be read is there.
  for (const [file, manager] of lockfiles) if ((await read(file).catch(() => '')) !== undefined) return manager;
  return 'npm';
}

/** In the order in which make looks for them. */
const makefiles = ['GNUmakefile', 'makefile', 'Makefile'];
const targetNames: Readonly<Record<CommandKind, readonly string[]>> = {
  compile: ['build', 'compile'],
  test: ['test', 'check'],
  lint: ['lint'],
  coverage: ['coverage'],
};

async function makeTarget(kind: CommandKind, { read }: ProjectFiles): Promise<Resolved | undefined> {
  for (const file of makefiles) {
    const text = await read(file);
    if (text === undefined) continue;
    const targets = new Set(text.split('\n').flatMap(targetsOf));
    const target = targetNames[kind].find((name) => targets.has(name));
    return target === undefined ? undefined : { command: `make ${target}` };
  }
  return undefined;
}

/** `build test: sources` names two; a line that begins with a tab is a command, `test := x` a variable. */
function targetsOf(line: string): readonly string[] {
  const colon = line.indexOf(':');
  if (colon === -1 || /^[\t#]/.test(line) || /^:{0,2}=/.test(line.slice(colon + 1))) return [];
  const targets = line.slice(0, colon);
  return targets.includes('=') ? [] : targets.trim().split(/\s+/);
}
