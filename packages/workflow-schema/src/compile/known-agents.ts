import type { PlannedAgent } from '@pawl/core';
import { describeAgent, type ResolvedAgent, resolveAgentName } from './agent-name.ts';
import type { Compilation } from './compilation.ts';

/** An agent of the workflow, else of the place it runs in. `given`: one of a caller's comes first. */
export function findAgent(compilation: Compilation, name: string, given: boolean): ResolvedAgent {
  const { workflow, environment, caller } = compilation;
  const known = environment ?? { agents: {}, providers: {} };
  if (given && caller) {
    const declared = declaredAbove(caller.compilation, name);
    if (declared !== undefined) return declared;
  }
  const own = declaredBy(compilation, name);
  if (own !== undefined) return own;
  // nearest words come from the workflow's own agents too
  const named = workflow.agents.map((agent) => [agent.name.text, { ...agent, provider: agent.provider.text }] as const);
  return resolveAgentName(name, {
    ...known,
    agents: { ...known.agents, ...Object.fromEntries(named) },
  });
}

function declaredBy({ workflow, environment }: Compilation, name: string): ResolvedAgent | undefined {
  const declared = workflow.agents.find((agent) => agent.name.text === name);
  const known = environment ?? { agents: {}, providers: {} };
  return declared && describeAgent({ ...declared, name, provider: declared.provider.text }, known);
}

function declaredAbove(compilation: Compilation, name: string): ResolvedAgent | undefined {
  const { caller } = compilation;
  return declaredBy(compilation, name) ?? (caller && declaredAbove(caller.compilation, name));
}

/**
 * The key under which the plan holds the agent. Two workflows of one run may mean different agents by one name: the
 * name belongs to the outermost that declares it.
 */
export function keepAgent(compilation: Compilation, agent: PlannedAgent): string {
  const { agents, workflow } = compilation;
  const { name } = agent;
  const prefix = `${workflow.name.text.replaceAll(/[^A-Za-z0-9_.-]+/g, '-')}/`;
  for (let index = 1; ; index += 1) {
    const key = index === 1 ? name : `${prefix}${name}${index === 2 ? '' : `-${index}`}`;
    if (index === 1 && declaredOtherwise(compilation, agent)) continue;
    const kept = { ...agent, name: key };
    const known = agents.get(key);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(kept)) continue;
    agents.set(key, kept);
    return key;
  }
}

function declaredOtherwise(compilation: Compilation, agent: PlannedAgent): boolean {
  let outermost = compilation;
  while (outermost.caller) outermost = outermost.caller.compilation;
  if (outermost === compilation) return false;
  const declared = declaredBy(outermost, agent.name);
  return declared?.ok === true && JSON.stringify(declared.agent) !== JSON.stringify(agent);
}
