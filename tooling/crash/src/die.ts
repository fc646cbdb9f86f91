import { writeFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * Loaded before pawl: kills its process, and nothing else, at the nth append of events to its record. `before:3` (what
 * it did is not written), `after:3` (it is), `count:<file>` (writes there how many there were).
 */
const [when, what = ''] = (process.env.PAWL_CRASH ?? '').split(/:(.*)/s);
let appends = 0;
let appending = false;
const { run } = StatementSync.prototype;
const { exec } = DatabaseSync.prototype;

StatementSync.prototype.run = function (this: StatementSync, ...values: Parameters<typeof run>) {
  appending ||= this.sourceSQL.startsWith('INSERT INTO events ');
  return run.apply(this, values);
} as typeof run;

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  const ends = appending && (sql === 'COMMIT' || sql === 'ROLLBACK');
  if (ends) appending = false;
  if (ends && sql === 'COMMIT') appends += 1;
  const here = ends && sql === 'COMMIT' && appends === Number(what);
  if (here && when === 'before') process.kill(process.pid, 'SIGKILL');
  exec.call(this, sql);
  if (here && when === 'after') process.kill(process.pid, 'SIGKILL');
};

if (when === 'count') process.on('exit', () => writeFileSync(what, String(appends)));
