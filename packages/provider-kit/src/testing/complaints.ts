import type { AgentEvent, Usage } from '@pawl/provider';

/** What is wrong with the events of one turn; nothing for a well-formed one. Works for any provider. */
export function complaints(events: readonly AgentEvent[]): string[] {
  const found: string[] = [];
  const blocks = new Set<string>();
  const calls = new Map<string, 'open' | 'done'>();
  for (const [index, event] of events.entries()) {
    const complain = (text: string) => found.push(`${index}: ${text}`);
    if ((event.type === 'turn-start') !== (index === 0))
      complain(`turn-start must be first and only, not ${event.type}`);
    if ((event.type === 'turn-end') !== (index === events.length - 1)) complain('turn-end must be last and only');
    switch (event.type) {
      case 'text-start':
      case 'reasoning-start':
        if (blocks.has(block(event))) complain(`${block(event)} is opened twice`);
        blocks.add(block(event));
        break;
      case 'text-delta':
      case 'reasoning-delta':
        if (!blocks.has(block(event))) complain(`${block(event)} grows before it is opened`);
        if (event.delta === '') complain(`${block(event)} grows by nothing`);
        break;
      case 'text-end':
      case 'reasoning-end':
        if (!blocks.delete(block(event))) complain(`${block(event)} is closed without being open`);
        break;
      case 'tool-call':
        if (calls.has(event.id)) complain(`tool call ${event.id} comes twice`);
        if (event.parent !== undefined && !calls.has(event.parent)) complain(`parent ${event.parent} was never called`);
        calls.set(event.id, 'open');
        break;
      case 'tool-result':
        if (calls.get(event.id) !== 'open') complain(`tool result ${event.id} without an open call`);
        calls.set(event.id, 'done');
        break;
      case 'usage-update':
        found.push(...unsound(event.usage).map((text) => `${index}: ${text}`));
    }
  }
  for (const open of blocks) found.push(`${open} is never closed`);
  const end = events.at(-1);
  if (end?.type !== 'turn-end') return [...found, 'there is no turn-end'];
  found.push(...unsound(end.usage));
  if (!(end.durationMs >= 0)) found.push(`durationMs is ${end.durationMs}`);
  if (end.outcome.kind === 'completed') {
    for (const [id, state] of calls) if (state === 'open') found.push(`completed, but tool call ${id} has no result`);
  }
  return found;
}

function block(event: { readonly type: string; readonly id: string }): string {
  return `${event.type.slice(0, event.type.indexOf('-'))} ${event.id}`;
}

function unsound(usage: Usage): string[] {
  const bad = Object.entries(usage).filter(
    ([, value]) => !(typeof value === 'number' && value >= 0 && value < Infinity),
  );
  const { inputTokens = Infinity, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  const found = bad.map(([name, value]) => `usage.${name} is ${value}`);
  if (cachedInputTokens + cacheWriteTokens > inputTokens)
    found.push('usage.inputTokens does not count the cached ones');
  return found;
}
