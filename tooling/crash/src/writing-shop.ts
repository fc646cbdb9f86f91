import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openShop, type Shop } from './shop.ts';

/** A shop whose agents write bytes that were never there before, each time that they are called, and keep a copy of them. */
export interface WritingShop extends Shop {
  /** While it is there, the gate of the tasks fails. */
  readonly failing: string;
  /** The bytes that agents have written so far, and the name under which each is a file of a worktree. */
  written(): readonly { readonly name: string; readonly bytes: Uint8Array }[];
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
  const copies = join(folder, 'copies');
  mkdirSync(copies);
  writeFileSync(
    join(folder, 'writer.sh'),
    `cat > /dev/null; mkdir -p tokens
token=$(echo "$PAWL_STEP" | tr / -)-$(date +%s%N)-$$
{ echo "$token"; head -c 300 /dev/urandom; } > "tokens/$token"
[ "$PAWL_STEP" = last ] && echo "$token" >> README.md
cp "tokens/$token" "${copies}/.$token" && mv "${copies}/.$token" "${copies}/$token"
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
    readdirSync(copies)
      .filter((name) => !name.startsWith('.'))
      .map((name) => ({ name, bytes: readFileSync(join(copies, name)) }));
  return { ...shop, failing, written };
}
