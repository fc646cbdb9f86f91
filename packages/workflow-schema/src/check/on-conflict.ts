import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf } from '../parse/node.ts';
import { count } from '../shape/scalars.ts';
import { onConflictWords } from '../shape/words.ts';
import type { WrittenOnConflict } from '../workflow.ts';
import { checkAgentName, isPass } from './agent.ts';
import type { Check } from './check.ts';
import { checkGuard } from './guard.ts';
import { checkKeys, missingKey } from './keys.ts';
import { checkPrompt } from './prompt.ts';
import { checkedValue, mapOf } from './values.ts';

const form = 'write `on_conflict: { agent: … }`, or `on_conflict: stop`';
/** What a first try leaves out, its gates tell the second. */
const usualAttempts = 2;

export function checkOnConflict(check: Check, entry: Entry | undefined): WrittenOnConflict | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind === 'scalar' && entry.value.text === 'stop') return 'stop';
  const map = mapOf(check, entry, form);
  if (map === undefined) return undefined;
  check.misspelt.clear();
  checkKeys(check, map, onConflictWords);
  const given = entryOf(map, 'agent');
  if (given === undefined) missingKey(check, map, 'agent', '`on_conflict` needs an `agent`', form);
  const agent = given && checkAgentName(check, given);
  const written = entryOf(map, 'prompt');
  const prompt = written && checkPrompt(check, written);
  const attempts = checkedValue(check, entryOf(map, 'attempts'), count) ?? usualAttempts;
  const guard = checkGuard(check, entryOf(map, 'guard'), false);
  if (agent === undefined) return undefined;
  if (isPass(agent)) {
    check.report.error(
      'invalid-value',
      agent.range,
      `${quote('pass')} is no agent that could resolve a conflict`,
      form,
    );
    return undefined;
  }
  return { agent, attempts, guard, ...(prompt && { prompt }) };
}
