import { readFileSync } from 'node:fs';
import type { RunEvent } from '@pawl/core';

/**
 * The log of a real run, as its store gave it back, with the folders renamed. `escalated`: a step passes, the next fails
 * twice with a cheap agent and passes with a strong one, then a gate alone. `at-once`: the same without a failure.
 */
export function recorded(name: 'escalated' | 'at-once'): RunEvent[] {
  const text = readFileSync(new URL(`recorded/${name}.jsonl`, import.meta.url), 'utf8').trim();
  return text.split('\n').map((line) => JSON.parse(line) as RunEvent);
}
