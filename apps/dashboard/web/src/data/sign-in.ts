import type { Me } from '../../../wire.ts';
import { send } from './api.ts';
import { queries } from './queries.ts';

/** The address that pawl prints holds the token behind `#`: it is never sent to a server in an address. */
export async function signInWithFragment(): Promise<void> {
  const [, token] = /^#token=([\w-]+)$/.exec(location.hash) ?? [];
  if (token === undefined) return;
  history.replaceState(null, '', location.pathname + location.search);
  await signIn(token).catch(() => undefined);
}

export async function signIn(token: string): Promise<void> {
  queries.setQueryData(['me'], await send<Me>('/api/session', { token }));
}
