import { type Host, ProviderError, type Session, type TurnInput, type TurnOutcome } from '@pawl/provider';
import { checkedOptions } from './refusals.ts';
import { trackHost } from './tracked-host.ts';
import type { TurnReport, TurnRequest } from './turn-request.ts';
import { TurnWatch } from './turn-watch.ts';

const openMs = 60_000;
/** For an adapter to end its turn and close its session; a process has stopped long before. */
const settleMs = 20_000;

/**
 * One turn of an agent, from the opening of its session to the last process gone. Whatever goes wrong outside is the
 * outcome of the report; it rejects only with what `onEvent` threw.
 */
export async function runTurn(request: TurnRequest): Promise<TurnReport> {
  const watch = new TurnWatch(request);
  const tracked = trackHost(request.host);
  const driven = drive(request, tracked.host, watch).then(
    () => watch.finish(failed('protocol', `${request.provider.title} ended its turn without a turn-end.`)),
    (error: unknown) => watch.finish(outcomeOf(error, watch.signal)),
  );
  await withDeadline(driven, watch.settling, settleMs);
  await tracked.stopAll();
  await watch.finish({ kind: 'cancelled' });
  return watch.report();
}

async function drive(request: TurnRequest, host: Host, watch: TurnWatch): Promise<void> {
  watch.signal.throwIfAborted();
  const options = await checkedOptions(request);
  const { cwd, access, start, provider } = request;
  const session = await opened(
    provider.open({ cwd, options, access, start, ...given(request, ['model']), ...environment(request) }, host),
    watch.signal,
  );
  try {
    for await (const event of session.turn(turnInput(request, watch.signal))) await watch.see(event);
  } finally {
    await session.close();
  }
}

/** What is added to the agent's environment. */
function environment({ env, sessionDir, provider }: TurnRequest): { readonly env?: TurnRequest['env'] & object } {
  const variable = provider.sessionDirVariable;
  if (variable === undefined || sessionDir === undefined) return env === undefined ? {} : { env };
  return { env: { ...env, [variable]: sessionDir } };
}

function turnInput(request: TurnRequest, signal: AbortSignal): TurnInput {
  const { prompt, limits } = request;
  return {
    prompt,
    signal,
    ...(limits ? { limits: given(limits, ['turns', 'costUsd']) } : {}),
    ...given(request, ['outputSchema', 'firstEventMs', 'idleMs']),
  };
}

/** An adapter that hangs here is left behind; a session it still opens is closed. */
async function opened(opening: Promise<Session>, signal: AbortSignal): Promise<Session> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  const timer = setTimeout(() => reject(lateOpen()), openMs);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([opening, promise]);
  } catch (error) {
    opening.then((session) => session.close()).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Waits for `work`, but no longer than `ms` from `from` on. */
async function withDeadline(work: Promise<void>, from: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = from.then(
    () =>
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      }),
  );
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function outcomeOf(error: unknown, signal: AbortSignal): TurnOutcome {
  if (signal.aborted && error === signal.reason) return { kind: 'cancelled' };
  if (ProviderError.is(error)) return { kind: 'failed', error: error.details };
  const message = error instanceof Error ? error.message : String(error);
  return failed(
    'internal',
    `The adapter failed: ${message}. This is a defect of the adapter; report it to its authors.`,
  );
}

function failed(code: 'protocol' | 'internal', message: string): TurnOutcome {
  return { kind: 'failed', error: { code, message, retryable: false } };
}

function lateOpen(): ProviderError {
  const message = `The session was not opened within ${openMs / 1000} s. Try again; if it stays so, run "pawl doctor".`;
  return new ProviderError({ code: 'timeout', message, retryable: true });
}

/** Those of the names that are there: an optional property must not be undefined. */
function given<T, Name extends keyof T>(from: T, names: readonly Name[]): { [K in Name]?: Exclude<T[K], undefined> } {
  const found: { [K in Name]?: Exclude<T[K], undefined> } = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) found[name] = value as Exclude<T[Name], undefined>;
  }
  return found;
}
