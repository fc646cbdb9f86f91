/**
 * Globs over whole paths with `/`: `*` and `?` within a name, `**` over any number of folders, `[a-z]`, `[!a-z]`, `{a,b}`.
 * Case counts, dot files match, a name that is spelled exactly like its pattern always does (`[id].ts`).
 * Matching takes polynomial time whatever the glob: agents write some of them, and name the files.
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const patterns = expandBraces(glob.normalize('NFC')).map((pattern) => pattern.split('/').map(compileName));
  return (path) => {
    const names = path.normalize('NFC').split('/');
    return patterns.some((pattern) => wild(pattern, names, anyDepth, (name, text) => name !== '**' && name(text)));
  };
}

/** Whether a glob means anything else than the one path it spells. */
export const isPattern = (glob: string): boolean => /[*?[{]/.test(glob);

/** What other tools understand and this one does not; undefined when there is nothing of the kind. */
export function unsupported(glob: string): string | undefined {
  const match = /[!@+*?]\(/.exec(glob);
  return match ? `${match[0]}…) is not supported in a glob: write {a,b} for one of several` : undefined;
}

type Name = '**' | ((text: string) => boolean);
const anyDepth = (name: Name): boolean => name === '**';

type Character = '*' | ((character: string) => boolean);

function compileName(pattern: string): Name {
  if (pattern === '**') return '**';
  if (!isPattern(pattern)) return (text) => text === pattern;
  const characters = [...tokens(pattern)];
  return (text) => text === pattern || wild(characters, [...text], (token) => token === '*', fits);
}

const fits = (token: Character, character: string): boolean => token !== '*' && token(character);

function* tokens(pattern: string): Generator<Character> {
  const rest = [...pattern];
  for (let index = 0; index < rest.length; index += 1) {
    const character = rest[index] ?? '';
    // A `]` in the first place stands for itself.
    const close = character === '[' ? rest.indexOf(']', index + (/[!^]/.test(rest[index + 1] ?? '') ? 3 : 2)) : -1;
    if (character === '*') yield '*';
    else if (character === '?') yield () => true;
    else if (close === -1) yield (other) => other === character;
    else {
      yield oneOf(rest.slice(index + 1, close));
      index = close;
    }
  }
}

function oneOf(characters: readonly string[]): (character: string) => boolean {
  const negated = characters[0] === '!' || characters[0] === '^';
  const list = negated ? characters.slice(1) : characters;
  const ranges: (readonly [from: string, to: string])[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const from = list[index] ?? '';
    const to = list[index + 1] === '-' ? list[index + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) index += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== negated;
}

/** Whether a pattern with wildcards for any number of items covers a list of items: at worst the product of their lengths. */
function wild<P, T>(
  pattern: readonly P[],
  items: readonly T[],
  isAny: (part: P) => boolean,
  matches: (part: P, item: T) => boolean,
): boolean {
  let [at, next, any, mark] = [0, 0, -1, 0];
  while (next < items.length) {
    const part = pattern[at];
    if (part !== undefined && isAny(part)) {
      any = at;
      mark = next;
      at += 1;
    } else if (part !== undefined && matches(part, items[next] as T)) {
      at += 1;
      next += 1;
    } else if (any !== -1) {
      // The wildcard takes one more; only the last one need ever be tried again.
      mark += 1;
      next = mark;
      at = any + 1;
    } else return false;
  }
  return pattern.slice(at).every(isAny);
}

const longest = 2000;
const maxAlternatives = 1000;

/** `a{b,c{d,e}}` as `ab`, `acd`, `ace`. Braces that do not close, or hold no comma, stand for themselves. */
function expandBraces(glob: string): readonly string[] {
  if (glob.length > longest) return [glob];
  const done: string[] = [];
  const waiting = [glob];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const group = firstGroup(next);
    if (!group || done.length + waiting.length > maxAlternatives) done.push(next);
    else for (const part of group.parts) waiting.push(next.slice(0, group.start) + part + next.slice(group.end));
  }
  return done;
}

function firstGroup(glob: string): { start: number; end: number; parts: readonly string[] } | undefined {
  const open: { start: number; commas: number[] }[] = [];
  let found: { start: number; end: number; parts: readonly string[] } | undefined;
  for (let index = 0; index < glob.length; index += 1) {
    const character = glob[index];
    if (character === '{') open.push({ start: index, commas: [] });
    else if (character === ',') open.at(-1)?.commas.push(index);
    else if (character === '}') {
      const group = open.pop();
      if (!group || group.commas.length === 0) continue;
      const cuts = [group.start, ...group.commas, index];
      const parts = cuts.slice(1).map((cut, part) => glob.slice((cuts[part] ?? 0) + 1, cut));
      found = { start: group.start, end: index + 1, parts };
      if (open.length === 0) return found;
    }
  }
  return found;
}
