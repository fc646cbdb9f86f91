import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, type MapNode } from '../parse/node.ts';
import { accessWords, worktreeModes } from '../shape/scalars.ts';
import type { WorkflowAgentStep } from '../workflow.ts';
import { checkAgentName, isPass } from './agent.ts';
import type { StepFields } from './blocks.ts';
import type { Check } from './check.ts';
import { checkParallel } from './composite.ts';
import { checkGuard } from './guard.ts';
import { missingKey } from './keys.ts';
import { checkOutput } from './output-schema.ts';
import { checkContext, checkPrompt } from './prompt.ts';
import { checkSession } from './session.ts';
import { wordOf } from './values.ts';

type Common = Pick<WorkflowAgentStep, 'kind' | 'name' | 'gates' | 'retry' | 'when' | 'pause'>;

/** Without its `get` workflow and its inner steps. */
export function checkAgentStep(
  check: Check,
  map: MapNode,
  common: Common,
  fields: StepFields,
): Omit<WorkflowAgentStep, 'get' | 'each'> {
  const { kind, name } = common;
  const { agent, prompt, context, session } = fields;
  if (agent === undefined) {
    const message = `the step ${quote(name.text)} needs an \`agent\``;
    missingKey(check, map, 'agent', message, 'such as `agent: claude-sonnet`');
  }
  const named = agent && checkAgentName(check, agent);
  const pass = named !== undefined && isPass(named);
  if (pass) checkPass(check, common, named.range, fields);
  else checkPrompted(check, map, common, fields);
  checkEachBelongs(check, map, kind);
  const promptText = prompt && checkPrompt(check, prompt);
  const output = checkOutput(check, entryOf(map, 'output'), kind);
  const parallel = kind === 'split' ? checkParallel(check, map) : undefined;
  return {
    ...common,
    ...(named && !pass && { agent: named }),
    ...(promptText && { prompt: promptText }),
    context: checkContext(check, context),
    session: (session && checkSession(check, session)) ?? { mode: 'new' },
    ...checkAccess(check, kind, fields),
    ...(output && { output }),
    ...(parallel && { parallel }),
  };
}

/** What the agent may do: the worktree mode, kept by the guard and by the agent's own access. */
function checkAccess(
  check: Check,
  kind: WorkflowAgentStep['kind'],
  { worktree, guard, access }: StepFields,
): Pick<WorkflowAgentStep, 'guard' | 'access' | 'worktree'> {
  const written = worktree && wordOf(check, worktree, worktreeModes);
  const usual = kind === 'code' ? 'read-write' : 'read-only';
  const mode = written === undefined || (written === 'none' && kind === 'code') ? usual : written;
  const word = access && wordOf(check, access, accessWords);
  if (worktree !== undefined && written === 'none' && kind === 'code') {
    const message = '`worktree: none` has no effect in a code step: what it does is the files it changes';
    check.report.warning('no-effect', worktree.value.range, message, 'use `type: artifact` for a text');
  }
  if (access !== undefined && written === 'read-only' && word !== undefined && word !== 'read-only') {
    const message = `\`access: ${word}\` and \`worktree: read-only\` exclude each other`;
    check.report.error('misplaced', access.value.range, message, 'remove one of them');
  }
  const readsOnly = mode !== 'read-write';
  const checked = checkGuard(check, guard, readsOnly);
  const kept = written === 'read-only' && !checked.noWrite;
  if (guard !== undefined && kept) {
    const message = '`no_write: false` has no effect beside `worktree: read-only`';
    check.report.warning('no-effect', guard.keyRange, message, 'remove one of them');
  }
  return {
    guard: kept ? { ...checked, noWrite: true } : checked,
    access: word ?? (readsOnly ? 'read-only' : 'edit'),
    worktree: mode === 'none' ? 'none' : 'lane',
  };
}

function checkPrompted(check: Check, map: MapNode, { kind, name }: Common, { prompt, context }: StepFields): void {
  if ((kind !== 'code' && kind !== 'artifact') || prompt !== undefined || context !== undefined) return;
  const what = kind === 'code' ? 'code step' : 'artifact';
  const message = `the ${what} ${quote(name.text)} needs a \`prompt\``;
  missingKey(check, map, 'prompt', message, 'such as `prompt: "{spec}"`');
}

/** Keys that only an agent would heed. A retry may name one, which then needs the prompt. */
function checkPass(check: Check, { kind, retry, gates }: Common, range: Entry['keyRange'], fields: StepFields): void {
  if (kind !== 'code') {
    const message = `a ${kind} step needs an agent: \`pass\` would leave it without what it gives`;
    check.report.error('misplaced', range, message, 'write `type: code`, or name an agent');
    return;
  }
  if (gates.some((gate) => gate.kind === 'schema')) {
    const message = '`schema` checks what an agent gives; beside `agent: pass` there is nothing';
    check.report.error('misplaced', range, message, 'name an agent, or remove the gate');
  }
  if (retry.entries.some(({ agent }) => agent !== undefined)) return;
  for (const entry of [fields.prompt, fields.guard, fields.session, fields.access]) {
    if (entry === undefined) continue;
    check.report.warning('no-effect', entry.keyRange, `${quote(entry.key)} has no effect beside \`agent: pass\``);
  }
}

function checkEachBelongs(check: Check, map: MapNode, kind: WorkflowAgentStep['kind']): void {
  const each = entryOf(map, 'each');
  if (kind === 'split') {
    if (each === undefined) missingKey(check, map, 'each', 'a split needs `each`: the steps that run for every task');
  } else if (each !== undefined) {
    check.report.error('misplaced', each.keyRange, `\`each\` belongs to a split, not to a ${kind} step`);
  }
}
