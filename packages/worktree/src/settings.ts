import { isAbsolute, join, resolve } from 'node:path';
import { type GitContext, git, readable } from './git.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** What pawl takes from the user's configuration: data that cannot start a program. */
export interface Settings {
  /** Undefined: none is configured. */
  readonly person: Person | undefined;
  /** How files are turned into blobs and back. */
  readonly files: Readonly<Record<string, string>>;
  /** What git follows because a setting names it, wherever it lies and whether it is there: whole paths. */
  readonly followed: readonly Followed[];
}

export type Followed = readonly [kind: 'config' | 'hook' | 'attributes', path: string];

export const pawl: Person = { name: 'pawl', email: 'pawl@localhost' };

const words = [
  'filemode',
  'symlinks',
  'ignorecase',
  'precomposeunicode',
  'protecthfs',
  'protectntfs',
  'autocrlf',
  'eol',
];
const wanted = new Set(words.map((word) => `core.${word}`));

/** Global and repository configuration, the later one of each name winning. */
export async function readSettings(context: GitContext, cwd: string, commonDir: string): Promise<Settings> {
  const args = ['config', '--null', '--show-origin', '--list', '--includes'];
  const { stdout } = await git(context, { cwd, args });
  const values = new Map<string, string>();
  const followed: Followed[] = [];
  // In turn: where it stands, and what it is.
  const parts = stdout.split('\0').map(readable);
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [origin = '', record = ''] = parts.slice(at, at + 2);
    const [key = '', ...rest] = record.split('\n');
    const value = rest.join('\n');
    values.set(key, value);
    // The rest are ours, for this call.
    if (!origin.startsWith('file:')) continue;
    const kind = kindOf(key);
    const path = kind && pathIn(value, kind, resolve(commonDir, '..', origin.slice('file:'.length)), context);
    if (kind && path !== undefined) followed.push([kind, path]);
  }
  const files: Record<string, string> = {};
  for (const [key, value] of values) if (wanted.has(key) && /^\w*$/.test(value)) files[key] = value || 'true';
  const excludes = values.get('core.excludesfile');
  if (excludes) files['core.excludesFile'] = excludes;
  return { person: personIn(values), files, followed };
}

function kindOf(key: string): Followed[0] | undefined {
  if (/^include(?:if\..*)?\.path$/s.test(key)) return 'config';
  if (key === 'core.hookspath') return 'hook';
  return key === 'core.attributesfile' ? 'attributes' : undefined;
}

/** Hooks by a path that is not whole lie among the files of each checkout, and are files like all of them. */
function pathIn(value: string, kind: Followed[0], origin: string, { env }: GitContext): string | undefined {
  if (value.startsWith('~/')) return env.HOME ? join(env.HOME, value.slice(2)) : undefined;
  if (isAbsolute(value)) return value;
  return kind === 'config' && value !== '' ? resolve(origin, '..', value) : undefined;
}

function personIn(values: ReadonlyMap<string, string>): Person | undefined {
  const name = clean(values.get('user.name'));
  const email = clean(values.get('user.email'));
  if (!name && !email) return undefined;
  return { name: name || email, email: email || pawl.email };
}

/** These end a name or an address in a commit. */
function clean(text = ''): string {
  return text.replaceAll(/[<>\n\r\0]/g, '').trim();
}
