import type { Provider } from '@pawl/provider';
import { exportedProvider } from './exported-provider.ts';

/** The adapters that lie in a package of their own, for those who want them: id to what people call the agent. */
const separate: Readonly<Record<string, string>> = {
  acp: 'Agents that speak ACP',
  codex: 'Codex',
  cursor: 'Cursor',
  gemini: 'Gemini CLI',
  opencode: 'OpenCode',
  pi: 'Pi',
  qwen: 'Qwen Code',
};

/** The package of one of ours. */
export const packageOf = (id: string): string => `@pawl/provider-${id}`;

export interface MissingAdapter {
  readonly id: string;
  readonly title: string;
  /** The command that adds it. */
  readonly install: string;
  /** It is there and cannot be used, for this reason. */
  readonly problem?: string;
}

export interface Adapters {
  readonly found: readonly Provider[];
  readonly missing: readonly MissingAdapter[];
}

type Load = (name: string) => Promise<unknown>;

/**
 * Looks beside pawl, where `npm install -g` puts them: not in the repository, which chooses code of pawl only by naming
 * it. One that is broken is missing, with its reason: it must not stop the agents that work.
 */
export async function findAdapters(load: Load = importPackage): Promise<Adapters> {
  const tried = await Promise.all(Object.entries(separate).map(([id, title]) => look(id, title, load)));
  return {
    found: tried.flatMap((each) => ('provider' in each ? each.provider : [])),
    missing: tried.flatMap((each) => ('provider' in each ? [] : each)),
  };
}

async function look(id: string, title: string, load: Load): Promise<{ readonly provider: Provider } | MissingAdapter> {
  const name = packageOf(id);
  const missing = { id, title, install: `npm install -g ${name}` };
  const again = { ...missing, install: `npm install -g ${name}@latest` };
  try {
    const read = exportedProvider(await load(name));
    return 'provider' in read ? read : { ...again, problem: `${name} ${read.problem}` };
  } catch (error) {
    if (isMissing(name, error)) return missing;
    const why = error instanceof Error ? error.message : String(error);
    return { ...again, problem: `${name} cannot be loaded: ${why}` };
  }
}

/** Not installed is one thing, installed without something that it needs is another. */
const isMissing = (name: string, error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.includes(`package '${name}'`);

// The name stays a variable, so that the bundler leaves the package outside.
const importPackage: Load = (name) => import(name);
