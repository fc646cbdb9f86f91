import { openStoreToRead } from '../compose.ts';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { readRun } from '../runs.ts';
import { steer } from '../steer.ts';
import { userName } from '../user-name.ts';

export interface PauseOptions {
  readonly off?: boolean;
  readonly json?: boolean;
}

/** The next steps that reach the end of their gates ask a person. Exit code 0 when the run has taken that up. */
export async function pause(context: Context, id: string | undefined, options: PauseOptions): Promise<number> {
  const { terminal } = context;
  const { record, status } = await readRun(context, {
    id,
    fits: (standing) => standing === 'running',
    what: 'run at work',
  });
  if (status !== 'running')
    throw new CliError(
      'usage',
      'not-at-work',
      `run ${record.id} is not at work (${status})`,
      `pawl status ${record.id}`,
    );
  const store = openStoreToRead(context);
  const wanted = !options.off;
  try {
    if (store) await steer(store, record.id, { type: 'pause', wanted, by: userName(context.env) });
  } finally {
    await store?.close();
  }
  if (options.json) terminal.print(JSON.stringify({ version: 1, run: record.id, pausing: wanted }));
  else if (wanted) terminal.say(`run ${record.id} asks when its next step has passed its gates`);
  else terminal.say(`run ${record.id} goes on`);
  return exitCodes.passed;
}
