import type { PlannedAgent } from '@pawl/core';
import { didYouMean, nearest } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import type { AgentEnvironment } from './environment.ts';

export type ResolvedAgent =
  | { readonly ok: true; readonly agent: PlannedAgent }
  | {
      readonly ok: false;
      readonly code: 'unknown-agent' | 'unknown-provider';
      readonly message: string;
      readonly hint?: string;
    };

// A model's name reaches a command line as an argument of its own: it must not look like an option.
const modelRule = /^[A-Za-z0-9][A-Za-z0-9._:/@[\]+-]*$/;

/**
 * An agent of config.yaml, else `<provider>` or `<provider>-<model alias>`. An alias that the provider does not list
 * is the model's name itself.
 */
export function resolveAgentName(name: string, environment: AgentEnvironment): ResolvedAgent {
  const configured = Object.hasOwn(environment.agents, name) ? environment.agents[name] : undefined;
  if (configured !== undefined) return describeAgent({ name, ...configured }, environment);
  const providers = Object.keys(environment.providers);
  const provider = providerOf(name, providers);
  if (provider !== undefined) {
    const suffix = name.slice(provider.length + 1);
    return describeAgent({ name, provider, ...(suffix !== '' && { model: suffix }), options: {} }, environment);
  }
  const absent = providerOf(name, Object.keys(environment.installable ?? {}));
  if (absent !== undefined) return notInstalled(name, environment.installable?.[absent] ?? '');
  const known = [...Object.keys(environment.agents), ...providers];
  const [word = ''] = name.split('-');
  const provided = nearest(word, providers);
  const near =
    provided === undefined ? didYouMean(name, known) : `did you mean ${quote(provided + name.slice(word.length))}?`;
  const list = known.length === 0 ? 'no agent is known here' : `known: ${listed(known, 'and')}`;
  return {
    ok: false,
    code: 'unknown-agent',
    message: `unknown agent ${quote(name)}`,
    hint: near === undefined ? `${list}; an agent is \`<provider>\` or \`<provider>-<model>\`` : `${near} (${list})`,
  };
}

/** The longest, as an id may itself hold a `-`. */
const providerOf = (name: string, providers: readonly string[]): string | undefined =>
  providers.filter((id) => name === id || name.startsWith(`${id}-`)).sort((a, b) => b.length - a.length)[0];

const notInstalled = (name: string, install: string): ResolvedAgent => ({
  ok: false,
  code: 'unknown-agent',
  message: `the adapter of the agent ${quote(name)} is not installed`,
  hint: install,
});

export interface AgentDescription {
  readonly name: string;
  readonly provider: string;
  readonly model?: string;
  readonly options: PlannedAgent['options'];
}

/** Checks the provider and puts the model's name in the place of an alias. */
export function describeAgent(
  { name, provider, model, options }: AgentDescription,
  { providers, installable = {} }: AgentEnvironment,
): ResolvedAgent {
  const known = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (known === undefined) {
    const install = Object.hasOwn(installable, provider) ? installable[provider] : undefined;
    if (install !== undefined) return notInstalled(name, install);
    const ids = Object.keys(providers);
    const list = ids.length === 0 ? 'no provider is known here' : `known: ${listed(ids, 'and')}`;
    const near = didYouMean(provider, ids);
    return {
      ok: false,
      code: 'unknown-provider',
      message: `the agent ${quote(name)} names the unknown provider ${quote(provider)}`,
      hint: near === undefined ? list : `${near} (${list})`,
    };
  }
  if (model === undefined) return { ok: true, agent: { name, provider, options } };
  const resolved = Object.hasOwn(known.models, model) ? known.models[model] : model;
  if (resolved !== undefined && modelRule.test(resolved))
    return { ok: true, agent: { name, provider, model: resolved, options } };
  return {
    ok: false,
    code: 'unknown-agent',
    message: `the agent ${quote(name)} names a model that cannot exist: ${quote(model)}`,
    hint: "a model's name starts with a letter or digit and has no blanks",
  };
}
