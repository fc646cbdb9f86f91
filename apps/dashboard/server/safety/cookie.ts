import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Guest } from './tokens.ts';

/** How long a browser stays signed in. */
const lifeMs = 30 * 24 * 60 * 60 * 1000;

/**
 * A cookie names a user and is signed with what is kept of that user's token: it outlives the server, and opens no more
 * once the token is taken away.
 */
export function cookieOf(guest: Guest, now: number): string {
  const until = String(now + lifeMs);
  return `${guest.name}.${until}.${signature(guest, until)}`;
}

export function guestOfCookie(value: string, guests: readonly Guest[], now: number): Guest | undefined {
  const [, name = '', until = '', signed = ''] = /^(.+)\.(\d{1,16})\.([\w-]{43})$/.exec(value) ?? [];
  const guest = guests.find((one) => one.name === name);
  if (!guest || Number(until) < now) return undefined;
  return timingSafeEqual(Buffer.from(signature(guest, until)), Buffer.from(signed)) ? guest : undefined;
}

const signature = ({ digest, name, role }: Guest, until: string): string =>
  createHmac('sha256', digest).update(`${name} ${role} ${until}`).digest('base64url');

/** Cookies know no port: the name does. */
export const cookieName = (port: number): string => `pawl-${port}`;

export function setCookie(name: string, value: string, secure: boolean): string {
  const life = value === '' ? 0 : Math.floor(lifeMs / 1000);
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${life}${secure ? '; Secure' : ''}`;
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
