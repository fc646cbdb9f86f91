import type { Provider } from '@pawl/provider';

type Read = { readonly provider: Provider } | { readonly problem: string };

/** What a package's module exports, as a provider of the contract that this pawl speaks, or what is wrong with it. */
export function exportedProvider(module: unknown): Read {
  const exported = fieldOf(module, 'default');
  const spec = fieldOf(exported, 'spec');
  if (typeof exported !== 'object' || spec === undefined) {
    const hint = typeof exported === 'function' ? ' (its default export is a function: export what it returns)' : '';
    return { problem: `does not export an adapter${hint}; this pawl speaks contract v1` };
  }
  if (spec !== 'v1') return { problem: `speaks contract ${String(spec)}; this pawl speaks contract v1` };
  const wrong = wrongParts(exported);
  if (wrong.length > 0) return { problem: `exports an adapter that is not whole: ${wrong.join(', ')}` };
  return { provider: exported as Provider };
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isOptional = (check: (value: unknown) => boolean) => (value: unknown) => value === undefined || check(value);
const isTable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText);

const parts: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value),
  title: isText,
  options: (value) => isFunction(fieldOf(fieldOf(value, '~standard'), 'validate')),
  models: isTable,
  environment: isTexts,
  capabilities: (value) =>
    ['sessions', 'access', 'limits', 'reports', 'output'].every((name) => isTexts(fieldOf(value, name))),
  probe: isFunction,
  open: isFunction,
  listSessions: isOptional(isFunction),
  exportSession: isOptional(isFunction),
};

/** Names of what is not there, or not as the contract has it. */
function wrongParts(provider: unknown): readonly string[] {
  return Object.entries(parts).flatMap(([name, check]) => {
    const value = fieldOf(provider, name);
    if (check(value)) return [];
    return value === undefined ? `${name} is missing` : `${name} is not what the contract says`;
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
