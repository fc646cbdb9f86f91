import type { AgentEnd } from '@pawl/core';
import type { AgentEvent } from '@pawl/provider';
import { describe } from '../errors.ts';
import type { Surroundings } from '../perform.ts';
import type { TurnFiles } from './turn-files.ts';

export interface Kept {
  /** Also stops a turn that cannot be kept. */
  readonly signal: AbortSignal;
  onStdout(chunk: Uint8Array): void;
  onEvent(event: AgentEvent): Promise<void>;
  fail(error: unknown): void;
  stop(): void;
  /** Why it could not be kept. */
  failure(): AgentEnd | undefined;
}

/** Keeps and tells what comes of a turn. What goes wrong with that is never thrown: the turn's figures would be lost. */
export function keepTurn(
  files: TurnFiles,
  { step, attempt }: { readonly step: string; readonly attempt: number },
  { signal, observe }: Pick<Surroundings, 'signal' | 'observe'>,
): Kept {
  const stop = new AbortController();
  let failure: AgentEnd | undefined;
  const fail = (error: unknown): void => {
    failure ??= notKept(error);
    stop.abort();
  };
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    onStdout(chunk) {
      try {
        files.native(chunk);
      } catch (error) {
        fail(error);
      }
    },
    async onEvent(event) {
      try {
        observe({ type: 'agent', step, attempt, event });
        await files.event(event);
      } catch (error) {
        fail(error);
      }
    },
    fail,
    stop: () => stop.abort(),
    failure: () => failure,
  };
}

export function notKept(error: unknown): AgentEnd {
  const { code, message } = describe(error);
  const text = `the turn could not be kept: ${message} (${code})`;
  return { kind: 'failed', error: { code: 'internal', message: text, retryable: false } };
}
