import { fileURLToPath } from 'node:url';

/**
 * Below the user's settings: no update in the middle of a run, no request behind our back that writes memories and is counted as
 * usage, one layer of retries of its own instead of two, no search of the whole folder for an `@word`. The CLI takes
 * these from a file alone; it lies beside this one in `src`, and beside the built one in `dist`.
 */
export const systemDefaults: string = fileURLToPath(new URL('./headless/system-defaults.json', import.meta.url));
