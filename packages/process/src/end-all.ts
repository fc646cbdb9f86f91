import { isAlive, type ProcessIdentity, signalIdentity } from './identity.ts';

/** Who is to be ended, as far as one look can tell. */
export interface Members {
  readonly members: readonly ProcessIdentity[];
  /** False: of some processes nobody could tell at that moment. */
  readonly sure: boolean;
}

/** After SIGKILL a process can only stay if the system holds it. */
const killLimitMs = 5000;
/** Looks at what is just starting a program, where nobody else is left: longer than that takes on a busy machine. */
const unsureMs = 500;

/**
 * Ends whoever is found, politely at first, by force after `graceMs`. Looks again after each round: they may be forking,
 * or just starting a program. How many there were.
 */
export async function endAll(look: () => Members, graceMs: number): Promise<number> {
  const begin = performance.now();
  const asked = new Set<string>();
  let unsure: number | undefined;
  for (let { members, sure } = look(); ; { members, sure } = look()) {
    const now = performance.now();
    const passed = now - begin;
    if (members.length === 0) {
      unsure ??= now;
      if (sure || now - unsure >= unsureMs) return asked.size;
      await pause(5);
      continue;
    }
    unsure = undefined;
    if (passed >= graceMs + killLimitMs) return asked.size;
    for (const member of members) {
      const key = `${member.pid} ${member.started}`;
      if (passed >= graceMs) signalIdentity(member, 'SIGKILL');
      else if (!asked.has(key)) signalIdentity(member, 'SIGTERM');
      asked.add(key);
    }
    await untilEnded(members, passed >= graceMs ? now + 50 : begin + graceMs);
  }
}

async function untilEnded(members: readonly ProcessIdentity[], deadline: number): Promise<void> {
  for (let wait = 5; members.some(isAlive); wait = Math.min(50, wait * 2)) {
    const left = deadline - performance.now();
    if (left <= 0) return;
    await pause(Math.min(wait, left));
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
