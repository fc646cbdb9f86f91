import type { Host } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { GeminiOptions } from './options.ts';
import { type BesideEmpty, besideEmpty } from './transcripts.ts';

/**
 * Before a start, which would delete sessions that were gone on with in a later minute: their empty files are given a word
 * and a time before the session's last, so that the CLI keeps them and goes on with the whole one. Its own settings could
 * switch that off, but it takes ours only where root owns them.
 */
export async function keepSessions({ cwd, env }: Launch<GeminiOptions>, host: Host): Promise<void> {
  const { appendLine } = host;
  if (!appendLine) return;
  for (const { session, empty } of await besideEmpty(cwd, env, host)) {
    await appendLine(empty, JSON.stringify(wordFor(session))).catch((error: unknown) =>
      host.log('warn', `Gemini CLI will delete session ${session.id}: ${empty} cannot be written (${error})`),
    );
  }
}

function wordFor({ id, updatedAt }: BesideEmpty['session']) {
  const text = `The conversation of session ${id} is in the other file of its name; this one keeps it from being deleted.`;
  const message = { id: 'kept', timestamp: new Date(updatedAt).toISOString(), type: 'user', content: [{ text }] };
  // Of one that is too large to be read the time is not known: the file's own stays.
  const time = updatedAt > 0 ? { lastUpdated: new Date(updatedAt - 1).toISOString() } : {};
  return { $set: { ...time, messages: [message] } };
}
