import type { Guard } from '@pawl/core';
import { type Entry, entryOf } from '../parse/node.ts';
import { count, duration, flag, money } from '../shape/scalars.ts';
import { guardWords } from '../shape/words.ts';
import type { guardShape } from '../shape/workflow.ts';
import type { Check } from './check.ts';
import { checkKeys } from './keys.ts';
import { checkedValue, mapOf } from './values.ts';

export function checkGuard(check: Check, entry: Entry | undefined, noWriteDefault: boolean): Guard {
  const map = entry && mapOf(check, entry, 'write `guard: { max_turns: 40 }`');
  if (map === undefined) return { noWrite: noWriteDefault };
  checkKeys(check, map, guardWords);
  const at = (key: keyof typeof guardShape.shape) => entryOf(map, key);
  const time = at('max_time');
  const timeout = at('timeout');
  if (time !== undefined && timeout !== undefined) {
    check.report.error('misplaced', timeout.keyRange, '`timeout` is another word for `max_time`; write one of them');
  }
  const turns = checkedValue(check, at('max_turns'), count);
  const costUsd = checkedValue(check, at('max_budget'), money);
  const tokens = checkedValue(check, at('max_tokens'), count);
  const wallMs = checkedValue(check, time ?? timeout, duration);
  return {
    ...(turns !== undefined && { turns }),
    ...(costUsd !== undefined && { costUsd }),
    ...(tokens !== undefined && { tokens }),
    ...(wallMs !== undefined && { wallMs }),
    noWrite: checkedValue(check, at('no_write'), flag) ?? noWriteDefault,
  };
}
