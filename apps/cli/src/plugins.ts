import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Provider } from '@pawl/provider';
import { exportedProvider } from './exported-provider.ts';
import { packageEntry } from './package-entry.ts';

/** A package that the configuration names under `providers:`, and what came of it. */
export type Plugin =
  | { readonly name: string; readonly provider: Provider }
  | { readonly name: string; readonly problem: string; readonly hint: string };

const ownFolder = fileURLToPath(new URL('.', import.meta.url));
const deadlineMs = 20_000;

/**
 * Loads the packages that are named, and nothing else: from the repository's node_modules, else from beside pawl. One that
 * cannot be used says why.
 */
export function loadPlugins(names: readonly string[], root: string): Promise<readonly Plugin[]> {
  return Promise.all(names.map((name) => loadPlugin(name, root)));
}

async function loadPlugin(name: string, root: string): Promise<Plugin> {
  const again = `npm install --save-dev ${name}@latest`;
  try {
    const entry = (await packageEntry(name, root)) ?? (await packageEntry(name, ownFolder));
    if (entry === undefined) return { name, problem: 'is not installed', hint: `npm install --save-dev ${name}` };
    const read = exportedProvider(await soon(import(entry.href)));
    return 'provider' in read ? { name, ...read } : { name, ...read, hint: again };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, problem: `cannot be loaded: ${why}`, hint: again };
  }
}

/** A module may wait for what never comes. */
async function soon(loading: Promise<unknown>): Promise<unknown> {
  const stop = new AbortController();
  const late = sleep(deadlineMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`it was not ready after ${deadlineMs / 1000} s`);
  });
  late.catch(() => undefined);
  return Promise.race([loading, late]).finally(() => stop.abort());
}
