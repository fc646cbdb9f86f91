import { devNull } from 'node:os';
import { cleanEnvironment, runCommand } from '@pawl/process';
import { WorktreeError } from './errors.ts';

/** What every git call of one repository has in common. */
export interface GitContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Told before each git process that is started. */
  readonly onGit?: (args: readonly string[]) => void;
}

export interface GitCall {
  readonly cwd: string;
  readonly args: readonly string[];
  /** GIT_DIR and the like. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, string>>;
  /** Bytes as a `latin1` string: names of files need not be UTF-8. */
  readonly stdin?: string;
  /** Kept of standard output; git is stopped when there is more. Default 64 MiB. */
  readonly maxBytes?: number;
  /** `user`: hooks, filters, signing and merge drivers of the user are wanted. */
  readonly as?: 'engine' | 'user';
}

export interface GitResult {
  readonly code: number;
  /** Bytes as a `latin1` string. */
  readonly stdout: string;
  readonly stderr: string;
  /** There was more than `maxBytes`. */
  readonly cut: boolean;
}

/** Off in every call: none of these is needed, each can start a program that a repository names. */
const always = {
  'core.fsmonitor': 'false',
  'core.untrackedCache': 'false',
  'core.pager': 'cat',
  'core.alternateRefsCommand': 'true',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'submodule.recurse': 'false',
  'diff.external': '',
};

const engineOnly = {
  'core.hooksPath': devNull,
  'core.attributesFile': devNull,
  'core.editor': 'true',
  'credential.helper': '',
  'protocol.allow': 'never',
  'protocol.ext.allow': 'never',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'i18n.commitEncoding': 'utf-8',
  'core.safecrlf': 'false',
  'core.sshCommand': 'false',
  'gpg.program': 'false',
};

const variables = { GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', LC_ALL: 'C' };

const engineVariables = {
  GIT_ATTR_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  // Only these protocols: none of that name exists.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
};

/** The only function that runs git. Any exit code is an answer; what is no answer throws. */
export async function runGit(context: GitContext, call: GitCall): Promise<GitResult> {
  const engine = call.as !== 'user';
  const config = { ...always, ...(engine && engineOnly), ...call.config };
  const settings = Object.entries(config).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const allow = engine ? [] : ['GNUPGHOME', 'GPG_TTY', 'SSH_AUTH_SOCK', 'EMAIL'];
  context.onGit?.(call.args);
  const head = new Head(call.maxBytes ?? 64 * 1024 * 1024);
  const enough = new AbortController();
  const result = await runCommand({
    file: 'git',
    args: [...settings, '--no-pager', ...call.args],
    cwd: call.cwd,
    env: {
      ...cleanEnvironment(context.env, { allow }),
      ...variables,
      ...(engine && engineVariables),
      ...call.variables,
    },
    ...(call.stdin !== undefined && { stdin: Buffer.from(call.stdin, 'latin1') }),
    timeoutMs: context.timeoutMs,
    maxOutputBytes: 64 * 1024,
    stopGraceMs: 1000,
    signal: enough.signal,
    onStdout: (chunk) => {
      if (!head.add(chunk)) enough.abort();
    },
  });
  const name = `git ${call.args[0]}`;
  if (result.error?.code === 'not-found') {
    throw new WorktreeError('git-not-found', 'There is no git on the PATH: install git 2.32 or newer.');
  }
  if (result.error?.code === 'bad-cwd') throw new WorktreeError('not-a-repository', result.error.message);
  if (result.timedOut) {
    const seconds = context.timeoutMs / 1000;
    throw new WorktreeError('timeout', `${name} took longer than ${seconds} s and was stopped: try again with more.`);
  }
  if (result.code === undefined && !head.cut) {
    const how = result.error?.message ?? `it was ended by ${result.signal}`;
    throw new WorktreeError('git-failed', `${name} did not run to its end: ${how}`);
  }
  return { code: result.code ?? 0, stdout: head.text(), stderr: result.stderr, cut: head.cut };
}

/** Like {@link runGit}, where anything but success throws `git-failed` with what git said. */
export async function git(context: GitContext, call: GitCall): Promise<GitResult> {
  const result = await runGit(context, call);
  if (result.code !== 0) throw gitFailed(call, result);
  return result;
}

export function gitFailed(call: GitCall, result: GitResult): WorktreeError {
  const said = result.stderr.trim() || `exit code ${result.code}`;
  return new WorktreeError('git-failed', `git ${call.args[0]} failed in ${call.cwd}: ${said}`);
}

/** Raw bytes, the first so many. */
class Head {
  readonly #max: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  cut = false;

  constructor(max: number) {
    this.#max = max;
  }

  add(chunk: Uint8Array): boolean {
    const part = Buffer.from(chunk.slice(0, this.#max - this.#size));
    this.#chunks.push(part);
    this.#size += part.length;
    this.cut ||= part.length < chunk.length;
    return !this.cut;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }
}

/** What is shown of bytes that were read as `latin1`. */
export function readable(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
