import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Of the user: not those that pawl itself moves. By name, what each one holds. */
export async function readRefs(
  commonDir: string,
  textOf: (path: string) => Promise<string | undefined>,
): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  for (const line of ((await textOf(join(commonDir, 'packed-refs'))) ?? '').split('\n')) {
    const [, id, ref] = /^([0-9a-f]{40,64}) (\S+)/.exec(line) ?? [];
    if (id && ref && !isOurs(ref)) refs.set(ref, id);
  }
  const visit = async (ref: string): Promise<void> => {
    for (const entry of await readdir(join(commonDir, ref), { withFileTypes: true }).catch(() => [])) {
      const name = `${ref}/${entry.name}`;
      if (isOurs(name) || name.endsWith('.lock')) continue;
      if (entry.isDirectory()) await visit(name);
      else {
        const text = await textOf(join(commonDir, name));
        if (text !== undefined) refs.set(name, text.trim());
      }
    }
  };
  await visit('refs');
  return refs;
}

function isOurs(ref: string): boolean {
  return /^refs\/(?:pawl|heads\/pawl|bisect|worktree)(?:\/|$)/.test(ref);
}
