import type { Retry, RetryEntry } from '@pawl/core';
import { isAgentStep, type WorkflowStep, type WrittenRetryEntry } from '../workflow.ts';
import { compileAgent, firstAgent, staticAgent } from './agent.ts';
import { compileCall } from './call.ts';
import { checkAccess } from './capabilities.ts';
import type { Compilation } from './compilation.ts';
import type { Scope } from './scope.ts';
import { compileSession } from './session.ts';
import { compilePrompt } from './template.ts';

export function compileRetry(compilation: Compilation, step: WorkflowStep, scope: Scope, address: string): Retry {
  // an entry's agent stays until a later one names another
  let agent = firstAgent(compilation, step);
  const entries = step.retry.entries.map((entry, index) => {
    if (entry.agent !== undefined) {
      agent = staticAgent(compilation, entry.agent);
      if (isAgentStep(step)) checkAccess(compilation, agent, step.access, entry.agent.range);
    }
    return compileEntry(compilation, entry, scope, { address: `${address}/retry/${index}`, agent });
  });
  return { attempts: step.retry.attempts, entries };
}

function compileEntry(
  compilation: Compilation,
  entry: WrittenRetryEntry,
  scope: Scope,
  { address, agent }: { readonly address: string; readonly agent: string | undefined },
): RetryEntry {
  const { validate } = entry;
  return {
    attempt: entry.attempt,
    ...(entry.not && { not: entry.not.text }),
    ...(validate && { validate: compileCall(compilation, validate, scope, address, 'retry') }),
    ...(entry.agent && { agent: compileAgent(compilation, entry.agent, scope) }),
    ...(entry.session && { session: compileSession(compilation, entry.session, scope, agent) }),
    ...(entry.worktree && { worktree: entry.worktree }),
    ...(entry.prompt && { prompt: compilePrompt(compilation, entry.prompt, scope, 'retry') }),
  };
}
