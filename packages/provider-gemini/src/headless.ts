import { fileURLToPath } from 'node:url';

// Beside this file in `src`, and beside the built one in `dist`.
const pathOf = (name: string): string => fileURLToPath(new URL(`./headless/${name}`, import.meta.url));

/** Files of this package that the CLI is pointed at: it takes some things from files alone. */
export const headless = {
  /**
   * Above the user's settings: no update in the middle of a run, and no clean-up of sessions. The clean-up, on by default,
   * deletes every session that was resumed in a later minute than the one it began in.
   */
  settings: pathOf('settings.json'),
  /** Below the user's settings: fewer retries of its own, no statistics, no search of the whole folder for an `@word`. */
  systemDefaults: pathOf('system-defaults.json'),
  /** The rules of access `read-only`. */
  readOnly: pathOf('read-only.toml'),
} as const;
