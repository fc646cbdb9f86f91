import type {
  Condition,
  ContextSource,
  Guard,
  Limits,
  Operand,
  Parallel,
  PlannedGate,
  PlannedSession,
  Reference,
  Retry,
  Template,
} from '@pawl/core';
import { formatDuration } from './format-figures.ts';

export const templateText = (template: Template): string =>
  template
    .map((line) => line.map((part) => (typeof part === 'string' ? part : `{${referenceText(part)}}`)).join(''))
    .join('\n');

export function referenceText(part: Reference): string {
  switch (part.ref) {
    case 'task':
      return `task.${part.field}`;
    case 'prev':
      return `prev.${part.field}`;
    case 'gate':
      return `gate.${part.gate}.${part.field}`;
    case 'step':
      return `${part.address}.${part.field}`;
    case 'input':
      return part.name;
    default:
      return part.ref;
  }
}

export function limitText({ costUsd, tokens, wallMs }: Limits): string {
  const parts = [
    ...(costUsd === undefined ? [] : [`at most $${costUsd}`]),
    ...(tokens === undefined ? [] : [`at most ${tokens} tokens`]),
    ...(wallMs === undefined ? [] : [`at most ${formatDuration(wallMs)}`]),
  ];
  return parts.join(', ');
}

export function guardText(guard: Guard): string {
  const most = [
    ...(guard.turns === undefined ? [] : [`${guard.turns} turns`]),
    ...(guard.costUsd === undefined ? [] : [`$${guard.costUsd}`]),
    ...(guard.tokens === undefined ? [] : [`${guard.tokens} tokens`]),
    ...(guard.wallMs === undefined ? [] : [formatDuration(guard.wallMs)]),
  ];
  return [...(most.length > 0 ? [`at most ${most.join(', ')}`] : []), ...(guard.noWrite ? ['no_write'] : [])].join(
    ', ',
  );
}

export function sessionText(session: PlannedSession): string {
  if (session.mode === 'new') return '';
  return session.mode === 'fork' ? `a copy of that of ${session.address}` : `from ${session.address}`;
}

export const contextText = (source: ContextSource): string =>
  source.type === 'file' ? `file ${templateText(source.path)}` : `bash ${source.command}`;

export function retryText({ attempts, entries }: Retry): string {
  if (attempts <= 1) return '';
  const told = entries.map((entry) => {
    const changes = [
      ...(entry.agent ? [templateText(entry.agent)] : []),
      ...(entry.session
        ? [entry.session.mode === 'new' ? 'new session' : `session ${sessionText(entry.session)}`]
        : []),
      ...(entry.worktree ? ['worktree put back'] : []),
      ...(entry.prompt ? ['own prompt'] : []),
    ];
    const only = [
      ...(entry.not === undefined ? [] : [`if gate ${entry.not} failed`]),
      ...(entry.validate === undefined ? [] : [`if ${entry.validate.workflow.name} says yes`]),
    ];
    return `attempt ${entry.attempt}${only.map((condition) => ` ${condition}`).join(' and')} → ${changes.join(' + ')}`;
  });
  return [...told, `at most ${attempts} attempts`].join(', ');
}

/** All lanes of a step have the same one. */
export function conflictText(parallel: Parallel | undefined): string {
  const [resolver] = parallel?.onConflict ?? [];
  if (!resolver?.agent) return '';
  const { attempts } = resolver.retry;
  const guard = guardText(resolver.guard);
  const most = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return `goes to ${templateText(resolver.agent)}, under the gates of its lane, at most ${most}${guard === '' ? '' : ` (${guard})`}`;
}

export function gateText(gate: PlannedGate): string {
  switch (gate.kind) {
    case 'bash':
      return `bash: ${gate.command}`;
    case 'touched':
    case 'untouched':
      return `${gate.kind}: ${gate.glob}`;
    case 'schema':
      return `schema: ${gate.schema}`;
    case 'coverage':
      return `coverage: ${gate.atLeast}`;
    case 'validate':
      return `validate: ${gate.call.workflow.name}`;
    default:
      return gate.kind;
  }
}

export function conditionText(condition: Condition): string {
  switch (condition.is) {
    case 'all':
      return condition.of.map(joined).join(' and ');
    case 'any':
      return condition.of.map(joined).join(' or ');
    case 'not':
      return `not ${joined(condition.of)}`;
    case 'true':
      return operandText(condition.value);
    case 'gate':
      return `gate.${condition.gate}`;
    default:
      return `${operandText(condition.left)} ${condition.is} ${operandText(condition.right)}`;
  }
}

const joined = (condition: Condition): string =>
  condition.is === 'all' || condition.is === 'any' ? `(${conditionText(condition)})` : conditionText(condition);

const operandText = (operand: Operand): string =>
  typeof operand === 'object' ? `{${referenceText(operand)}}` : JSON.stringify(operand);
