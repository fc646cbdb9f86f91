import { StoreError } from './errors.ts';

/** Ids become names of folders and branches. */
export function checkRunId(run: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(run)) return;
  throw new StoreError({
    code: 'bad-request',
    message: `"${run.slice(0, 200)}" is no run id: 1 to 128 letters, digits, dots, dashes and underscores, the first one a letter or digit.`,
  });
}
