import type { Reference } from '@pawl/core';
import { isAgentStep } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { hasInput, missingInput, useInput } from './input-reference.ts';
import type { Scope } from './scope.ts';
import type { Place, Tell } from './tell.ts';

export const plainNames = ['spec', 'attempt', 'error', 'diff', 'output'] as const;
type Plain = (typeof plainNames)[number];

interface Where {
  readonly scope: Scope;
  readonly place: Place;
  readonly told: Tell;
}

/**
 * Words with a meaning of their own. In a workflow that is called they stand for the input of that name, when it is
 * given; the workflow sees nothing else of its caller but the run's specification.
 */
export function resolvePlain(compilation: Compilation, word: Plain, where: Where): Reference | undefined {
  const { scope, place, told } = where;
  if (hasInput(compilation, word) && !meansOwn(word, where)) return useInput(compilation, word);
  if (word === 'spec') return { ref: 'spec' };
  const own = scope.steps[scope.index];
  const afterwards = place === 'outputs' || own === undefined;
  if (afterwards && place !== 'until') {
    return told(
      'unknown-name',
      `\`{${word}}\` has no meaning here`,
      'name the step whose field is meant: `{step.field}`',
    );
  }
  if (place === 'when') {
    const hint = 'name the step whose field is meant: `{step.field}`';
    return told('unknown-name', `\`{${word}}\` is empty in \`when\`: the step has not run`, hint);
  }
  if (compilation.caller === undefined || word === 'attempt' || word === 'output') return { ref: word };
  // of the step's own attempt before; else it can only be the caller's
  const retried = word === 'error' && own !== undefined && own.retry.attempts > 1;
  if (place === 'retry' || place === 'gate' || retried) return { ref: word };
  if (compilation.workflow.inputs === undefined) return missingInput(compilation, word);
  return told(
    'unknown-name',
    `\`{${word}}\` is no input of this workflow`,
    `declare it: \`inputs: { ${word}: string }\``,
  );
}

/** What a gate of a step that works is given is what this step did. */
function meansOwn(word: Plain, { scope, place }: Where): boolean {
  const own = scope.steps[scope.index];
  if (place !== 'gate' || word === 'spec' || own === undefined) return false;
  return own.kind === 'code' || !isAgentStep(own);
}
