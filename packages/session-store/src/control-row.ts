import { type Control, type ControlEnd, readControl } from '@pawl/core';
import type { ControlRecord } from './contract.ts';
import type { Redact } from './redact.ts';
import type { Row } from './row.ts';

export const controlText = (control: Control, redact: Redact): string => redact(JSON.stringify(control));
export const endText = (end: ControlEnd, redact: Redact): string => redact(JSON.stringify(end));

export function toControlRecord(row: Row): ControlRecord {
  const end = parsed(row.ended) as ControlEnd | undefined;
  return {
    number: Number(row.number),
    run: String(row.run),
    at: Number(row.at),
    control: readControl(parsed(row.control)),
    ...(end && { end }),
  };
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
