import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Loaded before pawl: kills its process, and nothing else, at the nth time that it commits to its record. `before:3`
 * (what it did is not written), `after:3` (it is), `count:<file>` (writes there how often it did).
 */
const [when, what = ''] = (process.env.PAWL_CRASH ?? '').split(/:(.*)/s);
let commits = 0;
const exec = DatabaseSync.prototype.exec;

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  const isCommit = sql === 'COMMIT';
  if (isCommit) commits += 1;
  const here = isCommit && commits === Number(what);
  if (here && when === 'before') process.kill(process.pid, 'SIGKILL');
  exec.call(this, sql);
  if (here && when === 'after') process.kill(process.pid, 'SIGKILL');
};

if (when === 'count') process.on('exit', () => writeFileSync(what, String(commits)));
