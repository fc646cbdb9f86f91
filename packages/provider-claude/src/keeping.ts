import { type Host, type JsonObject, ProviderError, type SessionRef } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';
import { findTranscript } from './transcripts.ts';

/** As Claude's own SDK does: the last such line of the transcript counts. */
export const renameSession = (ref: SessionRef, title: string, host: Host): Promise<void> =>
  noted(ref, { type: 'custom-title', customTitle: title, sessionId: ref.id }, host);

/** It knows one tag a session: several are put into it. An empty one is none. */
export const tagSession = (ref: SessionRef, tags: readonly string[], host: Host): Promise<void> =>
  noted(ref, { type: 'tag', tag: tags.join(', '), sessionId: ref.id }, host);

async function noted(ref: SessionRef, entry: JsonObject, host: Host): Promise<void> {
  const transcript = await findTranscript(ref.id, host.env, host);
  if (!transcript || !host.appendLine)
    throw new ProviderError(failure('session-not-found', `Claude Code has no transcript of session ${ref.id}.`));
  try {
    await host.appendLine(transcript.path, JSON.stringify(entry));
  } catch (cause) {
    const message = `The transcript of session ${ref.id} cannot be written to; it is in ${transcript.path}.`;
    throw new ProviderError(failure('internal', message), { cause });
  }
}
