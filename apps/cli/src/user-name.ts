import { userInfo } from 'node:os';

/** Who answers a question, as the system calls them. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
