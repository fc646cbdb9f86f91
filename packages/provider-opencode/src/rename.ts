import { type Host, ProviderError, type SessionRef } from '@pawl/provider';
import { failure, listen } from '@pawl/provider-kit';
import { checkedId } from './command.ts';
import { quiet } from './environment.ts';

const listening = /listening on (http:\/\/127\.0\.0\.1:\d+)/;

/** Its command line cannot; its server can. It runs on loopback for this one request, behind a password of its own. */
export async function renameSession(ref: SessionRef, title: string, host: Host): Promise<void> {
  const id = checkedId(ref.id);
  const password = crypto.randomUUID();
  const env = { ...quiet(host.env), OPENCODE_SERVER_PASSWORD: password };
  const command = { file: 'opencode', args: ['serve', '--hostname', '127.0.0.1'], cwd: '/', env };
  const status = await listen(host, command, async (line) => {
    const address = listening.exec(line)?.[1];
    return address === undefined ? undefined : await asked(`${address}/session/${id}`, password, title);
  });
  if (status === 200) return;
  if (status === 404)
    throw new ProviderError(failure('session-not-found', `OpenCode has no session ${id}; start a new one.`));
  const why = status === undefined ? 'its server did not start; is opencode on PATH?' : `its server answered ${status}`;
  throw new ProviderError(failure('internal', `OpenCode did not rename session ${id}: ${why}`));
}

async function asked(url: string, password: string, title: string): Promise<number> {
  const answer = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`opencode:${password}`)}` },
    body: JSON.stringify({ title }),
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
  });
  await answer.body?.cancel();
  return answer.status;
}
