import { CoreError } from './errors.ts';
import type { RunEvent } from './events.ts';

/** The shape in which events are written now. A changed shape raises it and adds a lift from the one before. */
export const eventVersion = 1;

/** A stored event of any version ever written, as this version reads it. Throws `event-version-unknown` for a newer one. */
export function upcast(stored: { readonly version: number; readonly event: unknown }): RunEvent {
  if (stored.version !== eventVersion)
    throw new CoreError(
      'event-version-unknown',
      `This run was written by another version of pawl (event version ${stored.version}; this one reads up to ${eventVersion}). Upgrade pawl to read it.`,
    );
  return stored.event as RunEvent;
}
