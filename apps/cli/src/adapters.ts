import type { Provider } from '@pawl/provider';
import { CliError } from './exit.ts';

/** The adapters that lie in a package of their own, for those who want them: id to what people call the agent. */
const separate: Readonly<Record<string, string>> = {
  codex: 'Codex',
  gemini: 'Gemini CLI',
  opencode: 'OpenCode',
  pi: 'Pi',
  qwen: 'Qwen Code',
};

export interface MissingAdapter {
  readonly id: string;
  readonly title: string;
  /** The command that adds it. */
  readonly install: string;
}

export interface Adapters {
  readonly found: readonly Provider[];
  readonly missing: readonly MissingAdapter[];
}

/** Looks beside pawl, where `npm install -g` puts them: not in the repository, which must not choose pawl's code. */
export async function findAdapters(load: (name: string) => Promise<unknown> = importPackage): Promise<Adapters> {
  const tried = await Promise.all(
    Object.entries(separate).map(async ([id, title]) => {
      const name = `@pawl/provider-${id}`;
      const provider = await loaded(name, load);
      return { id, title, provider, install: `npm install -g ${name}` };
    }),
  );
  return {
    found: tried.flatMap(({ provider }) => provider ?? []),
    missing: tried
      .filter(({ provider }) => provider === undefined)
      .map(({ id, title, install }) => ({ id, title, install })),
  };
}

async function loaded(name: string, load: (name: string) => Promise<unknown>): Promise<Provider | undefined> {
  let module: unknown;
  try {
    module = await load(name);
  } catch (error) {
    if (isMissing(name, error)) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError('environment', 'adapter-broken', `${name} cannot be loaded: ${why}`, again(name));
  }
  const provider = (module as { readonly default?: Partial<Provider> }).default;
  if (provider?.spec === 'v1') return provider as Provider;
  const spoken =
    provider?.spec === undefined ? 'does not export an adapter' : `speaks contract ${String(provider.spec)}`;
  throw new CliError('environment', 'adapter-broken', `${name} ${spoken}; this pawl speaks contract v1`, again(name));
}

const again = (name: string): string => `npm install -g ${name}@latest`;

/** Not installed is one thing, installed without something that it needs is another. */
const isMissing = (name: string, error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.includes(`package '${name}'`);

// The name stays a variable, so that the bundler leaves the package outside.
const importPackage = (name: string): Promise<unknown> => import(name);
