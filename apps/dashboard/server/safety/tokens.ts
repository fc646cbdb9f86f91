import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../wire.ts';
import { DashboardError } from '../errors.ts';
import type { User } from '../http.ts';

/** A person who may come in. Of a token only its digest is kept, but for the owner's, which `pawl dashboard` prints. */
export interface Guest extends User {
  readonly digest: string;
}

export interface Tokens {
  /** The owner's, made when there is none. */
  readonly own: string;
  /** As they are now: a token that was taken away does not open any more. */
  guests(): readonly Guest[];
  add(name: string, role: Role): string;
  remove(name: string): boolean;
}

export const owner = 'owner';

/** Below the folder of the dashboard, files 0600, the folder 0700. */
export function openTokens(folder: string): Tokens {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ownFile = join(folder, 'token');
  const guestFile = join(folder, 'guests.json');
  const own = readOr(ownFile, () => {
    const made = newToken();
    // Of two that start at once, one makes it.
    try {
      writeFileSync(ownFile, `${made}\n`, { mode: 0o600, flag: 'wx' });
      return made;
    } catch {
      return readFileSync(ownFile, 'utf8').trim();
    }
  });
  if (!/^[\w-]{40,}$/.test(own))
    throw new DashboardError(500, 'bad-option', `${ownFile} holds no token`, `remove it: a new one is made`);
  const others = (): readonly Guest[] =>
    readGuests(
      readOr(guestFile, () => '[]'),
      guestFile,
    );
  const write = (guests: readonly Guest[]): void => {
    writeFileSync(`${guestFile}.part`, `${JSON.stringify(guests, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${guestFile}.part`, guestFile);
  };
  return {
    own,
    guests: () => [{ name: owner, role: 'operator', digest: digestOf(own) }, ...others()],
    add(name, role) {
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) || name === owner)
        throw new DashboardError(400, 'bad-option', `${name} cannot name a user`, 'letters, digits, dots and dashes');
      const token = newToken();
      write([...others().filter((guest) => guest.name !== name), { name, role, digest: digestOf(token) }]);
      return token;
    },
    remove(name) {
      const left = others().filter((guest) => guest.name !== name);
      const found = left.length < others().length;
      if (found) write(left);
      return found;
    },
  };
}

/** Whose token it is; the time it takes tells nothing. */
export function guestOf(token: string, guests: readonly Guest[]): Guest | undefined {
  const digest = Buffer.from(digestOf(token));
  return guests.find((guest) => timingSafeEqual(Buffer.from(guest.digest), digest));
}

const newToken = (): string => randomBytes(32).toString('base64url');
const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

function readGuests(text: string, file: string): readonly Guest[] {
  const guests: unknown = JSON.parse(text);
  const sound = (guest: Partial<Guest> | null): guest is Guest =>
    typeof guest?.name === 'string' &&
    (guest.role === 'viewer' || guest.role === 'operator') &&
    /^[0-9a-f]{64}$/.test(guest.digest ?? '');
  if (Array.isArray(guests) && guests.every(sound)) return guests;
  throw new DashboardError(500, 'bad-option', `${file} is not a list of users`, 'remove it, and add them again');
}

function readOr(file: string, otherwise: () => string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise();
    throw error;
  }
}
