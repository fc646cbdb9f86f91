import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A small project, and agents that are shell scripts: what they write depends on step, attempt and agent alone. */
export interface Shop {
  readonly folder: string;
  readonly repository: string;
  readonly home: string;
  /** One line for each turn that an agent began: step, attempt, agent, how its session began, which effect it is. */
  readonly starts: string;
  readonly env: NodeJS.ProcessEnv;
  git(...args: string[]): string;
}

/**
 * A plan with two lanes: `one` passes at its second attempt, `two` when it escalates at its third. Both are merged, and
 * a last step stands on them.
 */
const workflow = `name: flow
steps:
  - name: plan
    type: split
    parallel: true
    agent: planner
    each:
      - name: work
        type: code
        agent: worker
        prompt: "{task.name}"
        gate: ["bash: ! grep -rqs bad parts"]
        retry: [{ attempt: 3, agent: strong }, { exit: 4 }]
  - { name: last, type: code, agent: worker, prompt: last, gate: ["bash: ! grep -rqs bad parts"] }
`;

/** Leaves a process behind that has left its session, as tools do. */
const worker = (agent: string, starts: string) => `cat > /dev/null
echo "$PAWL_STEP $PAWL_ATTEMPT ${agent} $PAWL_SESSION_START $PAWL_PROCESS" >> ${starts}
mkdir -p parts
setsid sleep 300 > /dev/null 2>&1 &
sleep 0.03
case "${agent} $PAWL_STEP $PAWL_ATTEMPT" in
  "worker plan/one/work 1" | "worker plan/two/work "*) what=bad ;;
  *) what=good ;;
esac
echo "$what $PAWL_ATTEMPT" > "parts/$(echo "$PAWL_STEP" | tr / -).txt"
sleep 0.03
echo done
`;

export function openShop(given: string): Shop {
  mkdirSync(given, { recursive: true });
  const folder = realpathSync(given);
  const repository = join(folder, 'shop');
  const home = join(folder, 'home');
  const starts = join(folder, 'starts');
  const env = {
    PATH: `/usr/local/bin:/usr/bin:/bin:${dirname(process.execPath)}`,
    HOME: join(folder, 'user'),
    TMPDIR: join(folder, 'tmp'),
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    PAWL_HOME: home,
    NODE_COMPILE_CACHE: join(dirname(folder), 'compile'),
  };
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: repository,
      env: { ...env, GIT_AUTHOR_DATE: '2026-11-20T10:00:00Z', GIT_COMMITTER_DATE: '2026-11-20T10:00:00Z' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    }).trimEnd();
  const command = (agent: string) =>
    `{ provider: script, options: { command: ["sh", ${JSON.stringify(join(folder, `${agent}.sh`))}] } }`;
  const planner = `cat > /dev/null; echo "$PAWL_STEP $PAWL_ATTEMPT planner $PAWL_SESSION_START $PAWL_PROCESS" >> ${starts}; sleep 0.03
echo '[{"name":"one","description":"One."},{"name":"two","description":"Two."}]'
`;
  write(folder, {
    'planner.sh': planner,
    'worker.sh': worker('worker', starts),
    'strong.sh': worker('strong', starts),
  });
  write(repository, {
    'README.md': '# shop\n',
    'spec.md': 'Build a till.\n',
    '.pawl/workflows/flow.yaml': workflow,
    '.pawl/config.yaml': `agents:\n${['planner', 'worker', 'strong'].map((name) => `  ${name}: ${command(name)}\n`).join('')}max_parallel: 2\nno_progress: ignore\n`,
  });
  for (const made of [env.HOME, env.TMPDIR]) mkdirSync(made, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=First');
  return { folder, repository, home, starts, env, git };
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
