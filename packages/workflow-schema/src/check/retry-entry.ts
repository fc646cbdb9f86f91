import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, type MapNode } from '../parse/node.ts';
import {
  lastSegment,
  type WorkflowCallStep,
  type WorkflowStep,
  type Written,
  type WrittenRetryEntry,
  type WrittenTemplate,
} from '../workflow.ts';
import { checkAgentName, isPass } from './agent.ts';
import { checkWith, checkWorkflowName, plainCall } from './call.ts';
import type { Check } from './check.ts';
import { checkPrompt } from './prompt.ts';
import { checkSession } from './session.ts';
import { textOf, wordOf } from './values.ts';

export const retryOverrides = ['agent', 'session', 'worktree', 'prompt'] as const;

export interface EntryPlace {
  readonly attempt: number;
  readonly kind: WorkflowStep['kind'];
  readonly gates: readonly string[];
}

export function checkRetryEntry(check: Check, map: MapNode, place: EntryPlace): WrittenRetryEntry {
  const [agent, session, worktree, prompt] = retryOverrides.map((key) => entryOf(map, key));
  const not = entryOf(map, 'not');
  const given = entryOf(map, 'with');
  if (not !== undefined && entryOf(map, 'validate') !== undefined) {
    const message = '`not` and `validate` do not stand together';
    check.report.error('misplaced', not.keyRange, message, 'start a new entry with `- `');
  }
  if (given !== undefined && entryOf(map, 'validate') === undefined) {
    check.report.error('misplaced', given.keyRange, '`with` has no effect without `validate`');
  }
  const conditions = {
    attempt: place.attempt,
    ...defined('not', not && checkNot(check, not, place)),
    ...defined('validate', checkValidate(check, map)),
    ...defined('worktree', worktree && wordOf(check, worktree, ['reset'] as const)),
  };
  if (place.kind === 'group' || place.kind === 'call') {
    // a group and a call have no agent whose next attempt could be different
    for (const entry of [agent, session, prompt]) {
      if (entry === undefined) continue;
      const message = `${quote(entry.key)} has no effect in the \`retry\` of ${place.kind === 'group' ? 'a group' : 'a call'}`;
      check.report.warning('no-effect', entry.keyRange, message, 'write it into the `retry` of a step inside');
    }
    return conditions;
  }
  if (worktree !== undefined && agent === undefined && session === undefined) {
    const message = 'the worktree is reset, but the conversation goes on and still tells of the files that are gone';
    check.report.warning('no-effect', worktree.keyRange, message, 'add `session: new`');
  }
  return {
    ...conditions,
    ...defined('agent', agent && checkAgent(check, agent)),
    ...defined('session', session && checkSession(check, session)),
    ...defined('prompt', prompt && checkPrompt(check, prompt)),
  };
}

function checkAgent(check: Check, entry: Entry): WrittenTemplate | undefined {
  const template = checkAgentName(check, entry);
  if (template === undefined || !isPass(template)) return template;
  const hint = 'name an agent, or leave it out: a retry keeps its own';
  check.report.error('invalid-value', template.range, '`pass` is no agent that could try again', hint);
  return undefined;
}

function checkNot(check: Check, entry: Entry, { gates }: EntryPlace): Written | undefined {
  const written = textOf(check, entry);
  if (written === undefined) return undefined;
  const text = written.text.trim();
  const name = text.replace(/^gate\./, '');
  if (text === name) {
    const hint = gates.includes(name) ? `write \`not: gate.${name}\`` : 'such as `not: gate.test`';
    check.report.error('invalid-value', written.range, '`not` is `gate.` and the name of a gate', hint);
  } else if (!gates.includes(name)) {
    const otherwise = gates.length === 0 ? 'it has no gates' : `its gates: ${listed(gates, 'and')}`;
    const message = `the step has no gate ${quote(name)}`;
    check.report.error('unknown-name', written.range, message, didYouMean(name, gates, otherwise));
  }
  return { text: name, range: written.range };
}

function checkValidate(check: Check, map: MapNode): WorkflowCallStep | undefined {
  const entry = entryOf(map, 'validate');
  const workflow = entry && checkWorkflowName(check, entry);
  const inputs = checkWith(check, map);
  if (workflow === undefined) return undefined;
  const name = { text: lastSegment(workflow.text), range: workflow.range };
  return plainCall({ name, workflow, validator: true, inputs });
}

function defined<Key extends string, T>(key: Key, value: T | undefined): { readonly [K in Key]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: T });
}
