import { DashboardError } from '../errors.ts';
import type { House } from '../house.ts';
import type { Answer, Route, User } from '../http.ts';
import { meOf } from '../me.ts';
import { cookieName, cookieOf, guestOfCookie, readCookie, setCookie } from './cookie.ts';
import { guestOf } from './tokens.ts';

/** The token comes once, from the fragment of an address, and is exchanged for a cookie that no script can read. */
export async function signIn(house: House, body: unknown): Promise<Answer> {
  const { token } = (body ?? {}) as { readonly token?: unknown };
  const guest = typeof token === 'string' ? guestOf(token, house.tokens.guests()) : undefined;
  if (!guest) {
    house.audit.note({ user: '', role: '', action: 'sign-in', on: '', outcome: 'refused: wrong token' });
    throw new DashboardError(401, 'wrong-token', 'this token opens nothing here', house.signInHint);
  }
  house.audit.note({ user: guest.name, role: guest.role, action: 'sign-in', on: '', outcome: 'done' });
  const cookie = setCookie(cookieName(house.port()), cookieOf(guest, house.now()), house.secure);
  return { status: 200, body: await meOf(house, guest), headers: { 'set-cookie': cookie } };
}

export const signOut = (house: House): Answer => ({
  status: 200,
  body: {},
  headers: { 'set-cookie': setCookie(cookieName(house.port()), '', house.secure) },
});

/** Who asks, and whether they may. A program sends its token as `Authorization: Bearer`. */
export function admit(
  house: House,
  route: Pick<Route<House>, 'method' | 'path' | 'role'>,
  header: (name: string) => string | undefined,
): User {
  const guests = house.tokens.guests();
  const [, bearer] = /^Bearer ([\w-]+)$/.exec(header('authorization') ?? '') ?? [];
  const cookie = readCookie(header('cookie'), cookieName(house.port()));
  const guest =
    bearer !== undefined
      ? guestOf(bearer, guests)
      : cookie !== undefined
        ? guestOfCookie(cookie, guests, house.now())
        : undefined;
  if (!guest) throw new DashboardError(401, 'not-signed-in', 'sign in first', house.signInHint);
  const { name, role } = guest;
  const refuse = (error: DashboardError): never => {
    house.audit.note({
      user: name,
      role,
      action: `${route.method} ${route.path}`,
      on: '',
      outcome: `refused: ${error.code}`,
    });
    throw error;
  };
  if (route.role === 'operator' && house.readOnly)
    refuse(new DashboardError(403, 'read-only', 'this dashboard only shows', 'start it without --read-only'));
  if (route.role === 'operator' && role !== 'operator')
    refuse(new DashboardError(403, 'not-allowed', `${name} may look, not act`, 'ask its owner for the role operator'));
  return { name, role };
}
