import type { Host } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { GeminiOptions } from './options.ts';
import { type BesideEmpty, besideEmpty, keptWord } from './transcripts.ts';

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

/** Its time is before any of the session's own: also after a turn that failed at once the CLI takes the whole one. */
function wordFor({ id, updatedAt, begunAt = updatedAt }: BesideEmpty['session']) {
  const text = `The conversation of session ${id} is in the other file of its name; this one keeps it from being deleted.`;
  const timestamp = new Date(begunAt).toISOString();
  const message = { id: keptWord, timestamp, type: 'user', content: [{ text }] };
  const time = begunAt > 0 ? { lastUpdated: new Date(begunAt - 1).toISOString() } : {};
  return { $set: { ...time, messages: [message] } };
}
