import { userInfo } from 'node:os';

/** Who answers and stops here. */
export const userName = (env: NodeJS.ProcessEnv): string => ownerIn(env) ?? 'somebody';

/** Whose runs and sessions are begun here: of those who share a store, or a user of the system. */
export const ownerIn = (env: NodeJS.ProcessEnv): string | undefined => env.PAWL_OWNER || nameOfUser();

function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
