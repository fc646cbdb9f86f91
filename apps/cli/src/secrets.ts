import { existsSync } from 'node:fs';
import { handedOn } from './handed-on.ts';

const secretName =
  /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PRIVATE_?KEY|ACCESS_?KEY|AUTH|PAT)$/i;

/**
 * Values of environment variables that look secret by their names, or that are handed on to agents, for the redactor. A value that may just as well be a
 * word or a path is left out: taken out of a run's record it would make that useless.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const keys = new Set([...handedOn(env).values()].flat());
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (secretName.test(name) || keys.has(name)) && looksSecret(value) ? [value] : [],
  );
}

function looksSecret(value: string): boolean {
  if (value.length < 8) return false;
  const oneWord = /^[a-z]+$|^[A-Z]+$|^[0-9]{1,9}$/.test(value);
  return !(oneWord && value.length < 16) && !(value.startsWith('/') && existsSync(value));
}
