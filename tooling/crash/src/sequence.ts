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

/**
 * The bytes that agents and the user have written lie in git or in a folder, each under its own hash; but for what the user
 * has deleted before pawl saw it. All bytes that git once held stay reachable from a ref.
 */
class Known {
  readonly #shop: WritingShop;
  /** By the hash of the bytes: a name for people. */
  readonly #held = new Map<string, string>();
  readonly #written = new Map<string, string>();
  readonly #deleted = new Set<string>();

  constructor(shop: WritingShop) {
    this.#shop = shop;
  }

  /** How many pieces of work are in git. */
  get size(): number {
    return [...this.#written.keys()].filter((hash) => this.#held.has(hash)).length;
  }

  /** What is lost after an operation, in words. */
  look(operation: string): readonly string[] {
    const there = bytesIn(this.#shop);
    for (const { name, bytes } of this.#shop.written()) this.#written.set(blobOf(bytes), name);
    for (const [hash, name] of there) this.#written.set(hash, name);
    const reachable = reachableIn(this.#shop);
    const gone = [...this.#written].filter(
      ([hash]) => !reachable.has(hash) && !there.has(hash) && !this.#deleted.has(hash),
    );
    if (operation === 'delete-worktree') for (const [hash] of gone) this.#deleted.add(hash);
    const faults = [...this.#held].filter(([hash]) => !reachable.has(hash));
    for (const [hash, name] of reachable) this.#held.set(hash, name);
    return [
      ...faults.map(([hash, name]) => `${name} (${hash}) was in git and is not reachable any more`),
      ...gone.flatMap(([hash, name]) =>
        this.#deleted.has(hash) ? [] : [`${name} (${hash}) was written and is neither in git nor in a folder any more`],
      ),
    ];
  }
}

/** As git names bytes. */
const blobOf = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** Every object that is reachable from any ref, with the path where it is a file. */
function reachableIn({ git }: WritingShop): ReadonlyMap<string, string> {
  const lines = git('rev-list', '--objects', '--all').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [hash = '', path = ''] = line.split(/ (.*)/s);
      return path === '' || path === 'tokens' ? [] : [[hash, path]];
    }),
  );
}

/** The pieces of work in the checkout and in the worktrees, as they are now. */
function bytesIn({ repository, home }: WritingShop): ReadonlyMap<string, string> {
  const folders = [repository, ...globSync('worktrees/*/*/*', { cwd: home }).map((path) => join(home, path))];
  const found = folders
    .map((folder) => join(folder, 'tokens'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return new Map(found.map((path) => [blobOf(readFileSync(path)), path]));
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
