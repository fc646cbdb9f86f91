import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';

export interface WorkingProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Processes whose working folder is this one or below. No two tests share a folder: it also tells those that have left
 * the agent's process group, or lost their parent.
 */
export function processesIn(folder: string): readonly WorkingProcess[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,stat=,args='], { encoding: 'utf8' });
  return listed.split('\n').flatMap((line) => {
    const [, pid, state, command] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!pid || !command || state?.startsWith('Z')) return [];
    const where = workingFolder(pid);
    if (where !== folder && !where?.startsWith(`${folder}/`)) return [];
    return [{ pid: Number(pid), command }];
  });
}

function workingFolder(pid: string): string | undefined {
  try {
    if (process.platform === 'linux') return realpathSync(`/proc/${pid}/cwd`);
    const fields = execFileSync('lsof', ['-a', '-p', pid, '-d', 'cwd', '-Fn'], { encoding: 'utf8' });
    return /^n(.*)$/m.exec(fields)?.[1];
  } catch {
    return undefined;
  }
}
