import { nearest } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, headOf, type MapNode } from '../parse/node.ts';
import type { Words } from '../shape/words.ts';
import type { Check } from './check.ts';

/** Keys that say which names there are: steps, and gates of steps. */
const naming = ['name', 'type', 'each', 'steps', 'gate', 'workflow'];

/** Every key must be a word that this mapping knows. */
export function checkKeys(check: Check, map: MapNode, words: Words): void {
  const { known, replaced = {}, unheeded = {}, moved = {}, where } = words;
  for (const entry of map.entries) {
    const { key, keyRange } = entry;
    if (check.report.full()) return;
    if (known.includes(key)) continue;
    if (Object.hasOwn(replaced, key)) {
      check.incomplete = true;
      check.report.error('replaced', keyRange, `${quote(key)} is not a key of ${where} any more`, replaced[key]);
    } else if (Object.hasOwn(unheeded, key)) {
      check.report.warning('no-effect', keyRange, `${quote(key)} has no effect any more`, unheeded[key]);
    } else if (Object.hasOwn(moved, key)) {
      check.report.error('misplaced', keyRange, `${quote(key)} does not belong in ${where}`, moved[key]);
      check.misspelt.add(key);
    } else {
      unknownKey(check, map, entry, words);
    }
  }
}

function unknownKey(check: Check, map: MapNode, { key, keyRange }: Entry, words: Words): void {
  const candidates = words.known.filter((word) => entryOf(map, word) === undefined);
  const near = nearest(key, candidates);
  const hint = near === undefined ? `known here: ${listed(words.known, 'and')}` : `did you mean ${quote(near)}?`;
  check.report.error('unknown-key', keyRange, `unknown key ${quote(key)} in ${words.where}`, hint);
  if (near === undefined || naming.includes(near)) check.incomplete = true;
  if (near !== undefined) check.misspelt.add(near);
}

/** A key that must be there, unless a misspelt one was told already. */
export function missingKey(check: Check, map: MapNode, key: string, message: string, hint?: string): void {
  if (!check.misspelt.has(key)) check.report.error('missing-key', headOf(map), message, hint);
}
