import { type Host, ProviderError, type SessionRef } from '@pawl/provider';
import { failure } from './failure.ts';

/** A transcript line by line, empty lines left out; of any size, where the host can. Rejects with a ProviderError. */
export async function* transcriptLines(
  { id }: Pick<SessionRef, 'id'>,
  path: string,
  host: Pick<Host, 'readFile' | 'readLines'>,
): AsyncGenerator<string> {
  try {
    const lines = host.readLines?.(path) ?? (await host.readFile(path)).split('\n');
    for await (const line of lines) if (line !== '') yield line;
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    const message = `The transcript of session ${id} could not be read; it is in ${path}${why}`;
    throw new ProviderError(failure('internal', message), { cause });
  }
}
