import { spawnSync } from 'node:child_process';

/** What a command is started with so that it sees no network but loopback. */
export interface Isolation {
  readonly prefix: readonly string[];
  /** Why there is none. */
  readonly missing?: string;
}

const loopbackUp = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const ways = [
  ['unshare', '--net'],
  ['unshare', '--map-root-user', '--net'],
];

/** Tries what the system allows; a fake model has to be started inside, with the agent. */
export function findIsolation(): Isolation {
  if (process.platform !== 'linux') return { prefix: [], missing: 'network namespaces are a thing of Linux' };
  let missing = '';
  for (const way of ways) {
    const [file = '', ...args] = [...way, ...loopbackUp, 'true'];
    const run = spawnSync(file, args, { encoding: 'utf8', timeout: 10_000 });
    if (run.status === 0) return { prefix: [...way, ...loopbackUp] };
    missing = run.error?.message ?? run.stderr.trim();
  }
  return { prefix: [], missing };
}
