import type { MessageBody } from '@pawl/provider';

export type { MessageBody };

/** `at`: milliseconds since the epoch. `id`: the agent's own, where a fork can be cut. */
export type NewMessage = MessageBody & { readonly at: number; readonly id?: string };

/**
 * As it is kept: texts and values without secrets, and no longer than a million characters; `leftOut` tells how many more
 * there were. A value (`input`, `output`) that is too long is the beginning of its JSON, as a text.
 */
export type SessionMessage = NewMessage & {
  /** From 1, without gaps; the first one kept has a higher one when older ones were dropped. */
  readonly seq: number;
  readonly leftOut?: number;
};
