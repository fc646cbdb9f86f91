import { eventVersion, type RunEvent, upcast } from '@pawl/core';
import { StoreError } from './errors.ts';
import type { Redact } from './redact.ts';

/** Every string and every name in it goes through `redact`. */
export function encode(event: RunEvent, redact: Redact): string {
  try {
    return JSON.stringify(event, (_key, value: unknown) => {
      if (typeof value === 'string') return redact(value);
      return isRecord(value) ? renamed(value, redact) : value;
    });
  } catch (cause) {
    throw new StoreError(
      {
        code: 'bad-request',
        message: `The event ${event.type} cannot be written as JSON: it refers to itself or is nested too deeply. Store what it carries in a file and refer to it.`,
      },
      { cause },
    );
  }
}

export function decode(run: string, seq: number, version: number, text: string): RunEvent {
  if (version > eventVersion)
    throw new StoreError({
      code: 'store-newer',
      message: `Event ${seq} of run ${run} was written by a newer pawl (event version ${version}; this one reads up to ${eventVersion}). Upgrade pawl to read it.`,
    });
  try {
    return upcast({ version, event: JSON.parse(text) });
  } catch (cause) {
    throw new StoreError(
      { code: 'store-corrupt', message: `Event ${seq} of run ${run} is damaged. Restore pawl.db from a backup.` },
      { cause },
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function renamed(record: Readonly<Record<string, unknown>>, redact: Redact): Readonly<Record<string, unknown>> {
  const names = Object.keys(record);
  if (names.every((name) => redact(name) === name)) return record;
  return Object.fromEntries(names.map((name) => [redact(name), record[name]]));
}
