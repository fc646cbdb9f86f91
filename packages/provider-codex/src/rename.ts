import { type Host, type JsonObject, ProviderError, type SessionRef } from '@pawl/provider';
import { asObject, asString, failure, listen, readObject } from '@pawl/provider-kit';

/** Its command line cannot; its server for editors can. */
export async function renameSession(ref: SessionRef, title: string, host: Host): Promise<void> {
  const asked: readonly JsonObject[] = [
    { id: 1, method: 'initialize', params: { clientInfo: { name: 'pawl', title: 'pawl', version: '1' } } },
    { method: 'initialized' },
    { id: 2, method: 'thread/name/set', params: { threadId: ref.id, name: title } },
  ];
  const stdin = asked.map((message) => `${JSON.stringify(message)}\n`).join('');
  const answer = await listen(
    host,
    { file: 'codex', args: ['app-server'], cwd: '/', stdin, stdinOpen: true },
    (line) => {
      const message = readObject({ line: 1, text: line });
      return message?.id === 2 || (message?.id === 1 && message.error !== undefined) ? message : undefined;
    },
  );
  if (answer?.result !== undefined) return;
  const why = asString(asObject(answer?.error)?.message);
  const code = why === undefined ? 'internal' : 'session-not-found';
  throw new ProviderError(
    failure(code, `Codex did not rename session ${ref.id}${why === undefined ? '; is codex on PATH?' : `: ${why}`}`),
  );
}
