import { execaSync } from 'execa';
import type { ProcessEntry } from './process-table.ts';

const columns = 'pid=,ppid=,pgid=,state=,lstart=';

export function listDarwin(pid?: number): ProcessEntry[] {
  return parseProcessList(ps([...(pid === undefined ? ['-ax'] : ['-p', String(pid)]), '-o', columns]));
}

/** macOS shows the environment of the user's own processes, but for the system's protected programs. */
export function markedDarwin(name: string, value: string): Set<number> {
  const wanted = ` ${name}=${value} `;
  const lines = ps(['-axEww', '-o', 'pid=,command=']).split('\n');
  return new Set(lines.filter((line) => `${line} `.includes(wanted)).map((line) => Number.parseInt(line, 10)));
}

export function parseProcessList(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, state, ...start] = line.trim().split(/\s+/);
    const started = start.join(' ');
    const order = Date.parse(`${started} UTC`);
    if (!pid || !parent || !group || !state || Number.isNaN(order)) return [];
    const ids = { pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group) };
    return [{ ...ids, started, order, ended: state.startsWith('Z'), program: true }];
  });
}

function ps(args: readonly string[]): string {
  const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
  const result = execaSync('ps', args, { env, extendEnv: false, reject: false, timeout: 5000, stdin: 'ignore' });
  return result.stdout ?? '';
}
