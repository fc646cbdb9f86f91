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
}

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
export async function readSettings(context: GitContext, cwd: string): Promise<Settings> {
  const { stdout } = await git(context, { cwd, args: ['config', '--null', '--list', '--includes'] });
  const values = new Map<string, string>();
  for (const record of stdout.split('\0')) {
    const [key = '', ...value] = record.split('\n');
    values.set(key, readable(value.join('\n')));
  }
  const files: Record<string, string> = {};
  for (const [key, value] of values) if (wanted.has(key) && /^\w*$/.test(value)) files[key] = value || 'true';
  const excludes = values.get('core.excludesfile');
  if (excludes) files['core.excludesFile'] = excludes;
  return { person: personIn(values), files };
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
