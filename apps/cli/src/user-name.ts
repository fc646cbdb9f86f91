import { userInfo } from 'node:os';

/** Who answers a question, as the system calls them. */
export const userName = (): string => nameOfUser() ?? 'somebody';

/** Whose runs and sessions are begun here: of those who share a store, or a user of the system. */
export const ownerIn = (env: NodeJS.ProcessEnv): string | undefined => env.PAWL_OWNER || nameOfUser();

function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
