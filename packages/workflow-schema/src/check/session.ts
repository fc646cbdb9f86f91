import { didYouMean } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf } from '../parse/node.ts';
import { sessionWords } from '../shape/words.ts';
import type { WrittenSession } from '../workflow.ts';
import type { Check } from './check.ts';
import { checkKeys } from './keys.ts';
import { scalarOf, textOf } from './values.ts';

const forms = 'write `session: new`, `session: { from: step }` or `session: { fork: step }`';

export function checkSession(check: Check, entry: Entry): WrittenSession | undefined {
  const { value } = entry;
  if (value.kind === 'map') {
    checkKeys(check, value, sessionWords);
    const from = entryOf(value, 'from');
    const fork = entryOf(value, 'fork');
    const target = from ?? fork;
    if (target === undefined) {
      if (value.entries.length === 0) check.report.error('missing-value', entry.keyRange, '`session` is empty', forms);
      return undefined;
    }
    if (from !== undefined && fork !== undefined) {
      check.report.error('misplaced', fork.keyRange, 'a session goes on with one step: `from` or `fork`, not both');
    }
    const step = textOf(check, target);
    return step && { mode: from === undefined ? 'fork' : 'from', step };
  }
  const scalar = scalarOf(check, entry, '`new`, `{ from: step }` or `{ fork: step }`');
  if (scalar === undefined) return undefined;
  const text = scalar.text.trim();
  if (text === 'new') return { mode: 'new' };
  // the one-line form in quotes
  const [, word, target] = /^(from|fork):\s*(.*)$/s.exec(text) ?? [];
  if (target !== undefined && target !== '') {
    const at = scalar.body.text.lastIndexOf(target);
    const start = scalar.body.offset + at;
    const range = at === -1 ? scalar.range : check.lines.range(start, start + target.length);
    return { mode: word === 'fork' ? 'fork' : 'from', step: { text: target, range } };
  }
  const legacy: Readonly<Record<string, string>> = {
    fresh: 'write `session: new`',
    reuse: forms,
    'reuse-on-retry': 'leave it out: a retry keeps its session',
  };
  const hint = Object.hasOwn(legacy, text) ? legacy[text] : didYouMean(text, ['new'], forms);
  check.report.error('unknown-value', scalar.range, `unknown session ${quote(text)}`, hint);
  return undefined;
}
