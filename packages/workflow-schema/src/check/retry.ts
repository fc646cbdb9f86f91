import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, headOf, type MapNode } from '../parse/node.ts';
import { count } from '../shape/scalars.ts';
import { retryWords } from '../shape/words.ts';
import type { WorkflowStep, WrittenRetry, WrittenRetryEntry } from '../workflow.ts';
import type { Check } from './check.ts';
import { checkKeys } from './keys.ts';
import { checkRetryEntry, retryOverrides } from './retry-entry.ts';
import { checkedValue, listOf } from './values.ts';

export const noRetry: WrittenRetry = { attempts: 1, entries: [] };
const conditions = ['attempt', 'not', 'validate'];
const form = 'write `retry: [{ attempt: 2, agent: … }, { exit: 3 }]`';

interface Found {
  readonly map: MapNode;
  readonly entry: WrittenRetryEntry;
}

/** `gates`: names that `not` may give. */
export function checkRetry(
  check: Check,
  entry: Entry | undefined,
  kind: WorkflowStep['kind'],
  gates: readonly string[],
): WrittenRetry {
  const list = entry && listOf(check, entry, form);
  if (entry === undefined || list === undefined) return noRetry;
  const found: Found[] = [];
  let exit: number | undefined;
  let last = 1;
  for (const map of list.items) {
    if (map.kind !== 'map') {
      check.report.error('wrong-type', map.range, 'an entry of `retry` is a mapping', form);
      continue;
    }
    checkKeys(check, map, retryWords);
    const ends = entryOf(map, 'exit');
    const given = map.entries.filter(({ key }) => conditions.includes(key));
    const [condition] = given;
    if (ends === undefined && condition === undefined) {
      const message = 'an entry of `retry` needs `attempt`, `not`, `validate` or `exit`';
      check.report.error('missing-key', headOf(map), message, form);
    } else if (ends !== undefined && condition !== undefined) {
      const message = `\`exit\` stands alone, without ${quote(condition.key)}`;
      check.report.error('misplaced', ends.keyRange, message, 'start a new entry with `- `');
    }
    if (ends !== undefined && condition === undefined) {
      if (exit !== undefined) check.report.error('duplicate-key', ends.keyRange, 'a second `exit`');
      exit = checkExit(check, map) ?? exit ?? Number.NaN;
    } else if (condition !== undefined) {
      const dead = exit !== undefined;
      if (dead) {
        check.report.warning('dead-entry', headOf(map), 'an entry after `exit` has no effect', 'put it before `exit`');
      }
      const at = entryOf(map, 'attempt');
      const attempt = at && checkAttempt(check, at, dead ? 0 : last);
      if (!dead) last = Math.max(last, attempt ?? last);
      const read = checkRetryEntry(check, map, { attempt: at ? (attempt ?? last) : 2, kind, gates });
      if (!dead) found.push({ map, entry: read });
    }
  }
  if (exit === undefined) {
    const hint = 'end it with `- exit: 3`: three attempts in all';
    check.report.error('missing-key', entry.keyRange, '`retry` needs an `exit` entry', hint);
  }
  return { attempts: exit ?? 1, entries: alive(check, found, exit ?? Number.NaN) };
}

/** `last` 0: the order does not matter any more. */
function checkAttempt(check: Check, entry: Entry, last: number): number | undefined {
  const attempt = checkedValue(check, entry, count);
  if (attempt === undefined) return undefined;
  const at = entry.value.range;
  if (attempt === 1) {
    const message = '`attempt: 1` holds from attempt 2 on: the first attempt is the step itself';
    check.report.warning('no-effect', at, message, 'write `attempt: 2`');
  } else if (attempt <= last) {
    check.report.error('retry-order', at, `\`attempt: ${attempt}\` after \`attempt: ${last}\`: entries go upwards`);
  }
  return attempt;
}

function checkExit(check: Check, map: MapNode): number | undefined {
  for (const key of [...retryOverrides, 'with']) {
    const override = entryOf(map, key);
    const message = `${quote(key)} beside \`exit\` has no effect`;
    if (override) check.report.warning('no-effect', override.keyRange, message, 'put it into an `attempt` entry');
  }
  return checkedValue(check, entryOf(map, 'exit'), count);
}

function alive(check: Check, found: readonly Found[], exit: number): WrittenRetryEntry[] {
  return found.flatMap(({ map, entry }) => {
    if (!(entry.attempt > exit)) return [entry];
    const never = entryOf(map, 'attempt')
      ? `\`attempt: ${entry.attempt}\``
      : listed(map.entries.slice(0, 1).map(({ key }) => key));
    const message = `${never} is never reached: \`exit: ${exit}\` ends the step before`;
    check.report.warning('dead-entry', headOf(map), message);
    return [];
  });
}
