import { DashboardError } from '../errors.ts';

/** Where the dashboard may be asked for, and from which pages. */
export interface Addresses {
  /** As a Host header has it: `127.0.0.1:4310`. */
  readonly hosts: ReadonlySet<string>;
  /** As an Origin header has it: `http://127.0.0.1:4310`. */
  readonly origins: ReadonlySet<string>;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  header(name: string): string | undefined;
}

/** A page of ours sets it; a form or a page elsewhere cannot without being asked first, and nobody is told yes. */
export const customHeader = 'x-pawl';

/**
 * Refuses a request that did not come from a page of ours or a program of the user's: by the name it was sent to (a
 * name that was made to point here), by the page that sent it, and a write by what only a page of ours can send.
 */
export function checkAsked(asked: Asked, { hosts, origins }: Addresses): void {
  const host = asked.header('host')?.toLowerCase();
  if (host === undefined || !hosts.has(host))
    throw new DashboardError(
      421,
      'wrong-host',
      'this dashboard does not answer to that name',
      `open ${[...origins][0]}, or start it with --allow-host`,
    );
  const origin = asked.header('origin');
  if (origin !== undefined && !origins.has(origin.toLowerCase()))
    throw new DashboardError(403, 'wrong-origin', 'another page asked: only pages of the dashboard itself may');
  if (!isOurs(asked))
    throw new DashboardError(403, 'wrong-origin', 'another page asked: only pages of the dashboard itself may');
  if (asked.method === 'GET' || asked.method === 'HEAD') return;
  if (!/^application\/json(;|$)/i.test(asked.header('content-type') ?? ''))
    throw new DashboardError(415, 'not-json', 'a write is JSON', 'send content-type: application/json');
  if (asked.header(customHeader) === undefined)
    throw new DashboardError(
      403,
      'header-missing',
      `a write has the header ${customHeader}`,
      `send ${customHeader}: 1`,
    );
}

/** A browser says from where it asks. A link elsewhere may lead to a page, which holds no data, but to nothing else. */
function isOurs({ method, path, header }: Asked): boolean {
  const site = header('sec-fetch-site');
  if (site === undefined || site === 'same-origin') return true;
  if (method !== 'GET') return false;
  return site === 'none' || (header('sec-fetch-mode') === 'navigate' && !path.startsWith('/api/'));
}

/** Loopback by its names, with others that were declared. `public`: the address that a proxy shows to people. */
export function addressesOf(
  port: number,
  {
    scheme,
    names,
    publicOrigin,
  }: {
    readonly scheme: 'http' | 'https';
    readonly names: readonly string[];
    readonly publicOrigin?: string;
  },
): Addresses {
  const all = ['127.0.0.1', 'localhost', '[::1]', ...names.map((name) => name.toLowerCase())];
  const usual = port === (scheme === 'https' ? 443 : 80);
  const hosts = all.flatMap((name) => [`${name}:${port}`, ...(usual ? [name] : [])]);
  const shown = publicOrigin === undefined ? undefined : new URL(publicOrigin);
  return {
    hosts: new Set([...hosts, ...(shown ? [shown.host] : [])]),
    origins: new Set([...hosts.map((host) => `${scheme}://${host}`), ...(shown ? [shown.origin] : [])]),
  };
}
