import { type Host, ProviderError, type SessionRef, type SessionSummary } from '@pawl/provider';
import { failure, transcriptLines } from '@pawl/provider-kit';
import { findTranscript, transcripts } from './transcripts.ts';

const titleCap = 120;

/** From the CLI's files: its own `--list-sessions` asks the model for titles. */
export async function listSessions(
  { cwd, limit }: { readonly cwd: string; readonly limit?: number },
  host: Host,
): Promise<readonly SessionSummary[]> {
  const found = await transcripts(cwd, host.env, host);
  return found.slice(0, limit).map(({ id, title, updatedAt }) => {
    const line = title?.trim().split('\n')[0]?.slice(0, titleCap);
    return {
      ref: { provider: 'gemini', id, cwd },
      ...(line ? { title: line } : {}),
      ...(updatedAt > 0 ? { updatedAt } : {}),
    };
  });
}

export async function* exportSession(ref: SessionRef, host: Host): AsyncGenerator<string> {
  const transcript = await findTranscript(ref.id, ref.cwd, host.env, host);
  if (!transcript) {
    throw new ProviderError(failure('session-not-found', `Gemini CLI has no transcript of session ${ref.id}.`));
  }
  yield* transcriptLines(ref, transcript.path, host);
}
