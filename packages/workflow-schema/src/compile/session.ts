import type { PlannedSession } from '@pawl/core';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import { isAgentStep, type WrittenSession } from '../workflow.ts';
import { firstAgent } from './agent.ts';
import { checkFork } from './capabilities.ts';
import type { Compilation } from './compilation.ts';
import { type Scope, splitAround, type Visible, visibleSteps } from './scope.ts';

const fresh: PlannedSession = { mode: 'new' };

/** `agent`: who goes on with the session, as far as it is known before the run. */
export function compileSession(
  compilation: Compilation,
  session: WrittenSession,
  scope: Scope,
  agent: string | undefined,
): PlannedSession {
  if (session.mode === 'new') return fresh;
  const { workflow, report } = compilation;
  const { mode } = session;
  const { text, range } = session.step;
  const wrong = (message: string, hint?: string): PlannedSession => {
    report.error('session-target', range, message, hint);
    return fresh;
  };
  /** `from` falls back to a new session, as it does where another agent worked; there is no copy of nothing. */
  const none = (code: 'session-target' | 'ambiguous', message: string, hint?: string): PlannedSession => {
    if (mode === 'fork') report.error(code, range, message, hint);
    else report.warning(code, range, `${message}; a new one is started`, hint ?? 'write `session: new`');
    return fresh;
  };
  const named = visibleSteps(scope).filter(({ names }) => names.includes(text));
  const target = named.find(({ direct }) => direct) ?? named[0];
  if (target === undefined) {
    const split = splitAround(workflow.steps, text.slice(text.lastIndexOf('/') + 1));
    if (split !== undefined) {
      const message = `${quote(text)} runs once per task of ${quote(split)}: which session is meant cannot be told`;
      return none('ambiguous', message);
    }
    const names = candidates(scope, mode);
    const otherwise =
      names.length === 0 ? 'no earlier step has one here' : `earlier steps here: ${listed(names, 'and')}`;
    return wrong(`no step ${quote(text)} whose session could go on`, didYouMean(text, names, otherwise));
  }
  if (!target.direct && named.length > 1) {
    const paths = named.map(({ names }) => names[0] ?? '');
    report.error('ambiguous', range, `${quote(text)} could be ${listed(paths)}`, 'write the path of the step');
    return fresh;
  }
  const problem = problemOf(target, mode);
  if (problem !== undefined) return target.relation === 'own' ? wrong(...problem) : none('session-target', ...problem);
  const other = firstAgent(compilation, target.step);
  if (agent !== undefined && other !== undefined && agent !== other) {
    const message = `${quote(agent)} cannot go on with the session of ${quote(other)}: a new one will be started`;
    report.warning('session-agent', range, message, 'use the same agent, or `session: new`');
  } else if (mode === 'fork') checkFork(compilation, agent, range);
  return { mode, address: target.address };
}

function problemOf(
  { step, relation, across }: Visible,
  mode: 'from' | 'fork',
): [message: string, hint?: string] | undefined {
  const name = quote(step.name.text);
  if (relation === 'own') return ['a step cannot go on with its own session', 'a retry keeps its session by itself'];
  if (relation === 'beside') return [`the step ${name} runs at the same time: it has no session yet`];
  if (relation === 'later' || relation === 'repeated') {
    return [`the step ${name} runs later: it has no session yet`];
  }
  // a copy may be taken by as many as want one
  if (mode === 'from' && across.each) {
    const message = `${name} is outside this \`each\`: every task starts afresh`;
    return [message, 'name an earlier step of the same `each`, or take a copy: `{ fork: … }`'];
  }
  if (mode === 'from' && across.parallel) {
    const message = `several steps that run at the same time cannot go on with the session of ${name}`;
    return [message, 'take a copy: `{ fork: … }`'];
  }
  if (!isAgentStep(step)) return [`the step ${name} ${without[step.kind]}: it has no session`];
  const silent = step.agent === undefined && !step.retry.entries.some((entry) => entry.agent !== undefined);
  return silent ? [`nobody works in the step ${name}: it has no session`] : undefined;
}

const without = { gate: 'only checks', group: 'is a group', call: 'calls a workflow' } as const;

function candidates(scope: Scope, mode: 'from' | 'fork'): string[] {
  return visibleSteps(scope).flatMap((visible) =>
    problemOf(visible, mode) === undefined ? [visible.direct ? visible.step.name.text : (visible.names[0] ?? '')] : [],
  );
}
