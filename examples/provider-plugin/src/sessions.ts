import { type Host, ProviderError, type SessionRef, type SessionSummary } from '@pawl/provider';
import { asFigure, ask, asString, failure, readObject } from '@pawl/provider-kit';

/** Of one folder, newest first. */
export async function listSessions(
  { cwd, limit }: { readonly cwd: string; readonly limit?: number },
  host: Host,
): Promise<readonly SessionSummary[]> {
  const { text } = await ask(host, { file: 'parrot', args: ['sessions'], cwd });
  const found = text.split('\n').flatMap((line, index): readonly SessionSummary[] => {
    const told = readObject({ line: index + 1, text: line });
    const id = asString(told?.id);
    if (id === undefined || told?.cwd !== cwd) return [];
    const title = asString(told.title)?.split('\n')[0];
    const updatedAt = asFigure(told.updated);
    return [
      {
        ref: { provider: 'parrot', id, cwd },
        ...(title === undefined ? {} : { title }),
        ...(updatedAt === undefined ? {} : { updatedAt }),
      },
    ];
  });
  return found.sort((left, right) => (right.updatedAt ?? 0) - (left.updatedAt ?? 0)).slice(0, limit);
}

export async function* exportSession({ id, cwd }: SessionRef, host: Host): AsyncGenerator<string> {
  const { text, exit } = await ask(host, { file: 'parrot', args: ['export', id], cwd });
  if (exit.code !== 0) throw new ProviderError(failure('session-not-found', `Parrot has no session ${id}.`, { exit }));
  yield* text.split('\n').filter((line) => line !== '');
}
