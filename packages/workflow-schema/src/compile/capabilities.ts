import type { AgentStep, PlannedAgent } from '@pawl/core';
import type { Range } from '../diagnostics/diagnostic.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import type { Compilation } from './compilation.ts';
import { findAgent } from './known-agents.ts';

/** `fork` needs an agent that can copy a conversation. */
export function checkFork(compilation: Compilation, agent: string | undefined, range: Range): void {
  check(compilation, agent, range, {
    can: (known) => known.sessions === undefined || known.sessions.includes('fork'),
    message: (name) => `${name} cannot fork a session`,
    otherwise: 'write `{ from: step }`',
  });
}

/** An agent that cannot keep to the access of a step must not run it. */
export function checkAccess(
  compilation: Compilation,
  agent: string | undefined,
  access: AgentStep['access'],
  range: Range,
): void {
  check(compilation, agent, range, {
    can: (known) => known.access === undefined || known.access.includes(access),
    message: (name) => `${name} cannot keep to \`access: ${access}\``,
    otherwise: 'give the step another `access`',
  });
}

type Known = NonNullable<ReturnType<NonNullable<NonNullable<Compilation['environment']>['capabilities']>>>;

interface Need {
  can(known: Known): boolean;
  message(name: string): string;
  readonly otherwise: string;
}

function check(compilation: Compilation, agent: string | undefined, range: Range, need: Need): void {
  const { environment, report } = compilation;
  const capabilities = environment?.capabilities;
  if (agent === undefined || capabilities === undefined) return;
  const found = findAgent(compilation, agent, true);
  const known = found.ok ? capabilities(found.agent) : undefined;
  if (known === undefined || need.can(known)) return;
  const able = candidates(compilation).flatMap((candidate) => {
    const known = capabilities(candidate);
    return known !== undefined && need.can(known) ? [candidate.name] : [];
  });
  const hint = able.length === 0 ? `no agent here can; ${need.otherwise}` : `these can: ${listed(able, 'and')}`;
  report.error('agent-cannot', range, need.message(quote(agent)), hint);
}

function candidates(compilation: Compilation): PlannedAgent[] {
  const { workflow, environment } = compilation;
  const declared = workflow.agents.map(({ name }) => name.text);
  const names = [...declared, ...Object.keys(environment?.agents ?? {}), ...Object.keys(environment?.providers ?? {})];
  return [...new Set(names)].flatMap((name) => {
    const found = findAgent(compilation, name, false);
    return found.ok ? [found.agent] : [];
  });
}
