/** Takes secrets out of a text, and leaves its line ends. Applied twice it changes nothing more. */
export type Redact = (text: string) => string;

const mask = '[redacted]';
const shortest = 8;

/**
 * Where a token may begin: not inside a word. An escape (`\n`, `\u001b`) or a colour code before it ends in a
 * letter and is no word.
 */
const start = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4})|(?<=\[[0-9;]{0,12}m))`;
const newline = String.raw`(?:\s|\\[nr])`;
const keyName = '(?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?';

/** Each must be linear on hostile text: bounded, or unable to fail once it has consumed. */
const patterns = [
  // A whole block, else (cut off) its header and the lines of base64 behind it.
  `-----BEGIN ${keyName}-----(?:(?:[^-]|-(?!----)){0,20000}-----END ${keyName}-----|(?:${newline}{1,4}[A-Za-z0-9+/=]{20,80}){1,400}(?:${newline}[A-Za-z0-9+/=]{1,80})?)`,
  'sk-ant-[A-Za-z0-9_-]{16,}',
  `${start}sk-(?=[A-Za-z_-]{0,200}[0-9])[A-Za-z0-9_-]{20,}`,
  'gh[pousr]_[A-Za-z0-9]{30,}',
  'github_pat_[A-Za-z0-9_]{22,}',
  'glpat-[A-Za-z0-9_-]{20,}',
  'npm_[A-Za-z0-9]{36}',
  '(?:AKIA|ASIA)[0-9A-Z]{16}',
  'xox[abeoprs]-[A-Za-z0-9-]{10,}',
  'AIza[0-9A-Za-z_-]{35}',
  String.raw`${start}eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`,
  '(?<=[Bb]earer )(?=[A-Za-z._~+/=-]{0,200}[0-9])[A-Za-z0-9._~+/=-]{20,}',
];
const tokens = new RegExp(patterns.join('|'), 'g');

/**
 * `secrets` are values known to be secret (of environment variables), found as they are, inside JSON strings and in
 * URLs; those shorter than eight characters are left alone: they would tear holes into everything. Tokens of known
 * shape (`sk-ant-…`, `ghp_…`, `AKIA…`, private keys, …) are found without being named.
 */
export function createRedactor(secrets: readonly string[] = []): Redact {
  const known = new Set(secrets.filter((secret) => secret.length >= shortest).flatMap(spellings));
  const literals = [...known].filter((secret) => !mask.includes(secret));
  return (text) => {
    // Most texts of a report are words and figures.
    if (text.length < shortest) return text;
    let current = text;
    // A replacement makes a new boundary, behind which another token may begin.
    for (let round = 0; round < 5; round += 1) {
      const next = without(current, [...literals.flatMap((one) => placesOf(one, current)), ...tokensIn(current)]);
      if (next === current) break;
      current = next;
    }
    return current;
  };
}

type Place = readonly [from: number, to: number];

function placesOf(secret: string, text: string): readonly Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) places.push([at, at + secret.length]);
  return places;
}

const tokensIn = (text: string): readonly Place[] =>
  Array.from(text.matchAll(tokens), ({ index, 0: token }) => [index, index + token.length] as const);

/** Where two secrets overlap, both go: neither keeps the part that the other one does not hold. */
function without(text: string, places: readonly Place[]): string {
  let kept = '';
  let end = 0;
  for (const [from, to] of places.toSorted(([one], [other]) => one - other)) {
    if (from >= end) kept += text.slice(end, from) + mask;
    if (to <= end) continue;
    // As many lines as before: figures that point to lines stay right.
    kept += '\n'.repeat(text.slice(Math.max(from, end), to).split('\n').length - 1);
    end = to;
  }
  return kept + text.slice(end);
}

function spellings(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, encodeURIComponent(secret.toWellFormed())];
}
