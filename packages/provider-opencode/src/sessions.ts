import type { Host, SessionRef, SessionSummary } from '@pawl/provider';
import { checkedId } from './command.ts';
import { exported, sessionsOf } from './store.ts';

const titleCap = 120;
/** Listing and exporting take no options. */
const cliOf = ({ env }: Host) => ({ binary: 'opencode', env });

/** Sessions that were started in a folder, newest first. */
export async function listSessions(
  { cwd, limit }: { readonly cwd: string; readonly limit?: number },
  host: Host,
): Promise<readonly SessionSummary[]> {
  const found = (await sessionsOf(cwd, cliOf(host), host)).map(({ id, title, updatedAt }): SessionSummary => {
    const first = title?.trim().split('\n')[0]?.slice(0, titleCap);
    return {
      ref: { provider: 'opencode', id, cwd, token: { folder: cwd } },
      ...(first ? { title: first } : {}),
      updatedAt,
    };
  });
  return limit === undefined ? found : found.slice(0, limit);
}

/** JSON, line by line. */
export async function* exportSession(ref: SessionRef, host: Host): AsyncGenerator<string> {
  const { text } = await exported(checkedId(ref.id), cliOf(host), host);
  yield* text.split('\n').filter((line) => line !== '');
}
