import { type Host, ProviderError, type SessionRef, type SessionSummary } from '@pawl/provider';
import { asArray, asObject, asString, failure, transcriptLines } from '@pawl/provider-kit';
import { role } from './branch.ts';
import { entries, findTranscript, type Transcript, transcripts } from './transcripts.ts';

const titleCap = 120;

/** Sessions that were started in a folder, newest first. One whose transcript is too large to read comes last, bare. */
export async function listSessions(
  { cwd, limit }: { readonly cwd: string; readonly limit?: number },
  host: Host,
): Promise<readonly SessionSummary[]> {
  const found: SessionSummary[] = [];
  // One at a time: each may be some megabytes.
  for (const transcript of await transcripts(cwd, host.env, host)) found.push(await summary(transcript, cwd, host));
  found.sort((left, right) => (right.updatedAt ?? 0) - (left.updatedAt ?? 0));
  return limit === undefined ? found : found.slice(0, limit);
}

export async function* exportSession(ref: SessionRef, host: Host): AsyncGenerator<string> {
  const transcript = await findTranscript(ref.id, ref.cwd, host.env, host);
  if (!transcript) throw new ProviderError(failure('session-not-found', `Pi has no transcript of session ${ref.id}.`));
  yield* transcriptLines(ref, transcript.path, host);
}

async function summary({ id, path }: Transcript, cwd: string, host: Host): Promise<SessionSummary> {
  const ref = { provider: 'pi', id, cwd };
  const text = await host.readFile(path).catch(() => undefined);
  if (text === undefined) return { ref };
  let chosen: string | undefined;
  let first: string | undefined;
  let updatedAt: number | undefined;
  for (const entry of entries(text)) {
    if (entry.type === 'session_info') chosen = asString(entry.name);
    if (role(entry) === 'user') first ??= promptOf(asObject(entry.message)?.content);
    const at = Date.parse(asString(entry.timestamp) ?? '');
    if (at > (updatedAt ?? 0)) updatedAt = at;
  }
  const title = (chosen || first)?.trim().split('\n')[0]?.slice(0, titleCap);
  return { ref, ...(title ? { title } : {}), ...(updatedAt === undefined ? {} : { updatedAt }) };
}

function promptOf(content: Parameters<typeof asArray>[0]): string | undefined {
  const whole = asString(content);
  if (whole !== undefined) return whole;
  for (const part of asArray(content)) {
    const block = asObject(part);
    if (block?.type === 'text') return asString(block.text);
  }
  return undefined;
}
