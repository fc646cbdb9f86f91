import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openShop, type Shop } from './shop.ts';

/** A shop whose agents write something that was never there before, each time that they are called, and tell what. */
export interface WritingShop extends Shop {
  /** While it is there, the gate of the tasks fails. */
  readonly failing: string;
  /** What agents have written so far: its name, and the worktree in which. */
  written(): readonly { readonly token: string; readonly worktree: string }[];
}

const workflow = (failing: string) => `name: flow
steps:
  - { name: first, type: code, agent: writer, prompt: first, gate: ["bash: 'true'"] }
  - name: build
    type: split
    parallel: true
    agent: planner
    each:
      - name: work
        type: code
        agent: writer
        prompt: "{task.name}"
        gate: ["bash: test ! -e ${failing}"]
        retry: [{ attempt: 2, worktree: reset }, { exit: 2 }]
  - { name: last, type: code, agent: writer, prompt: last, gate: ["bash: 'true'"] }
`;

export function openWritingShop(given: string): WritingShop {
  const shop = openShop(given);
  const { folder, repository } = shop;
  const failing = join(folder, 'failing');
  const log = join(folder, 'written');
  writeFileSync(
    join(folder, 'writer.sh'),
    `cat > /dev/null; mkdir -p tokens
token=$(echo "$PAWL_STEP" | tr / -)-$(date +%s%N)-$$
echo "$token" > "tokens/$token"
[ "$PAWL_STEP" = last ] && echo "$token" >> README.md
echo "$token $PWD" >> ${log}
echo done
`,
  );
  const config = join(repository, '.pawl/config.yaml');
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace(
      'agents:\n',
      `agents:\n  writer: { provider: script, options: { command: ["sh", "${join(folder, 'writer.sh')}"] } }\n`,
    ),
  );
  mkdirSync(join(repository, '.pawl/workflows'), { recursive: true });
  writeFileSync(join(repository, '.pawl/workflows/flow.yaml'), workflow(failing));
  shop.git('commit', '--quiet', '--all', '--message=Writers');
  const written = () =>
    (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])
      .filter((line) => line.includes(' '))
      .map((line) => ({ token: line.slice(0, line.indexOf(' ')), worktree: line.slice(line.indexOf(' ') + 1) }));
  return { ...shop, failing, written };
}
