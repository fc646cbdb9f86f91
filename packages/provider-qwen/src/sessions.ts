import { type Host, ProviderError, type SessionRef, type SessionSummary } from '@pawl/provider';
import { failure, transcriptLines } from '@pawl/provider-kit';
import { transcriptPath, transcripts } from './transcripts.ts';

const titleCap = 120;

export async function listSessions(
  { cwd, limit }: { readonly cwd: string; readonly limit?: number },
  host: Host,
): Promise<readonly SessionSummary[]> {
  const found = await transcripts(cwd, host.env, host);
  return found.slice(0, limit).map(({ id, title, updatedAt }) => {
    const line = title?.trim().split('\n')[0]?.slice(0, titleCap);
    return {
      ref: { provider: 'qwen', id, cwd },
      ...(line ? { title: line } : {}),
      ...(updatedAt > 0 ? { updatedAt } : {}),
    };
  });
}

/** From the CLI's own file: its `/export` writes into the folder of the work. */
export async function* exportSession(ref: SessionRef, host: Host): AsyncGenerator<string> {
  const path = transcriptPath(ref.id, ref.cwd, host.env);
  const folder = path?.slice(0, path.lastIndexOf('/'));
  const there = folder !== undefined && (await host.listFolder(folder)).includes(`${ref.id}.jsonl`);
  if (path === undefined || !there) {
    throw new ProviderError(failure('session-not-found', `Qwen Code has no transcript of session ${ref.id}.`));
  }
  yield* transcriptLines(ref, path, host);
}
