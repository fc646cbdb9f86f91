import { createHash } from 'node:crypto';
import { existsSync, globSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventsOf, processesOf } from './check.ts';
import { chosen } from './operations.ts';
import { pawl } from './pawl.ts';
import { seeded } from './random.ts';
import { openWritingShop, type WritingShop } from './writing-shop.ts';

export interface SequenceEnd {
  readonly index: number;
  readonly done: readonly string[];
  readonly tokens: number;
  readonly faults: readonly string[];
}

/** Does what chance has, one thing after the other, and looks after each whether anything was lost. */
export async function sequence(folder: string, seed: number, index: number, length: number): Promise<SequenceEnd> {
  const shop = openWritingShop(folder);
  const random = seeded(seed, index);
  const done: string[] = [];
  const known = new Known(shop);
  const faults: string[] = [];
  let checkout = contentOf(shop.repository);
  for (let step = 0; step < length && faults.length === 0; step += 1) {
    const operation = chosen(shop, random, step === 0);
    const ended = await operation.perform();
    done.push(`${operation.words}${ended ? ` → ${ended.killed ? 'killed' : ended.code}` : ''}`);
    if (ended && (ended.stderr.includes('an error of pawl itself') || (ended.code === 5 && !ended.killed)))
      faults.push(ended.stderr);
    if (operation.by === 'apply') faults.push(...backOut(shop, checkout, ended?.code));
    const now = contentOf(shop.repository);
    if (operation.by === 'pawl' && now !== checkout) faults.push('the checkout has changed');
    checkout = now;
    faults.push(...known.look(operation.name));
  }
  if (faults.length === 0) faults.push(...(await atTheEnd(shop)));
  if (faults.length === 0) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return { index, done, tokens: known.size, faults };
}

/** A conflict is left as git leaves it: backing out gives the checkout back as it was. */
function backOut(shop: WritingShop, before: string, code: number | null | undefined): readonly string[] {
  if (!existsSync(join(shop.repository, '.git/MERGE_HEAD')))
    return code !== 0 && contentOf(shop.repository) !== before ? ['an apply that failed changed the checkout'] : [];
  shop.git('merge', '--abort');
  return contentOf(shop.repository) === before ? [] : ['after git merge --abort the checkout is another one'];
}

/** What agents and the user have written lies in git or in a folder; but for what the user has deleted before pawl saw it. */
class Known {
  readonly #shop: WritingShop;
  readonly #held = new Set<string>();
  readonly #all = new Set<string>();
  readonly #deleted = new Set<string>();

  constructor(shop: WritingShop) {
    this.#shop = shop;
  }

  get size(): number {
    return this.#held.size;
  }

  /** What is lost after an operation, in words. */
  look(operation: string): readonly string[] {
    const names = namesIn(this.#shop);
    const there = tokensIn(this.#shop);
    for (const { token } of this.#shop.written()) this.#all.add(token);
    for (const token of [...names, ...there]) this.#all.add(token);
    const gone = [...this.#all].filter((token) => !names.has(token) && !there.has(token) && !this.#deleted.has(token));
    if (operation === 'delete-worktree') for (const token of gone) this.#deleted.add(token);
    const faults = [...this.#held].filter((token) => !names.has(token));
    for (const token of names) this.#held.add(token);
    return [
      ...faults.map((token) => `${token} was in git and is not reachable any more`),
      ...gone.flatMap((token) =>
        this.#deleted.has(token) ? [] : [`${token} was written and is neither in git nor in a folder any more`],
      ),
    ];
  }
}

/** Every name that a commit reachable from any ref has brought. */
function namesIn({ git }: WritingShop): ReadonlySet<string> {
  const paths = git('log', '--all', '-m', '--name-only', '--format=', '--', 'tokens').split('\n');
  return new Set(paths.filter(Boolean).map((path) => path.slice('tokens/'.length)));
}

/** In the checkout and in the worktrees. */
function tokensIn({ repository, home }: WritingShop): ReadonlySet<string> {
  const folders = [repository, ...globSync('worktrees/*/*/*', { cwd: home }).map((path) => join(home, path))];
  return new Set(
    folders.flatMap((folder) => (existsSync(join(folder, 'tokens')) ? readdirSync(join(folder, 'tokens')) : [])),
  );
}

function contentOf(root: string): string {
  const hash = createHash('sha256');
  const walk = (path: string): void => {
    for (const name of readdirSync(join(root, path)).sort()) {
      const inner = join(path, name);
      if (inner === '.git') continue;
      if (lstatSync(join(root, inner)).isDirectory()) walk(inner);
      else hash.update(`${inner}\0`).update(readFileSync(join(root, inner)));
    }
  };
  walk('');
  return hash.digest('hex');
}

/** A run that was cut by a kill is stopped first: its agents are not left alone. */
async function atTheEnd(shop: WritingShop): Promise<readonly string[]> {
  for (const run of (await eventsOf(shop)).filter(({ events }) => events.at(-1)?.type !== 'run-ended'))
    await pawl(shop, ['abort', run.run]);
  const fsck = shop.git('fsck', '--full', '--strict', '--no-dangling', '--no-progress');
  const locks = globSync('.git/**/*.lock', { cwd: shop.repository });
  return [
    ...(fsck === '' ? [] : [`git fsck: ${fsck}`]),
    ...locks.map((lock) => `a lock is left: ${lock}`),
    ...processesOf(shop).map((process) => `a process is left: ${process}`),
  ];
}
