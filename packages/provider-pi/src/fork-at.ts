import type { Host, JsonObject } from '@pawl/provider';
import { ProviderError } from '@pawl/provider';
import { ask, asString, failure, type Launch, refuse } from '@pawl/provider-kit';
import { branch, isNamed, role, spoken } from './branch.ts';
import { quiet } from './environment.ts';
import type { PiOptions } from './options.ts';
import { entries, findTranscript, header, transcripts } from './transcripts.ts';

/** Where the copy is to end. `at` is the `messageId` of a turn, or the id of an entry. */
export interface Cut {
  readonly id: string;
  readonly cwd: string;
  readonly at: string;
}

/** Copies that turns of this process have taken: two forks at one message must not share a session. */
const taken = new Set<string>();

/**
 * Makes the copy that a fork at a message goes on with. No flag does that; the RPC mode forks before a prompt. A cut
 * behind the last message needs none: it is a plain fork.
 */
export async function forkAt(launch: Launch<PiOptions>, cut: Cut, host: Host): Promise<JsonObject> {
  const { cwd, env } = launch;
  const before = await transcripts(cwd, env, host);
  const source = before.find(({ id }) => id === cut.id);
  if (!source) throw await notHere(launch, cut, host);
  const said = spoken(branch(await read(source.path, host)));
  const at = said.findIndex((entry) => isNamed(entry, cut.at));
  const last = said[at];
  const next = said[at + 1];
  if (!last)
    throw refuse('session-not-found', `Session ${cut.id} of Pi has no message ${cut.at}; fork it at one that it has.`);
  if (!next) return {};
  if (role(next) !== 'user') {
    throw refuse('unsupported', `Pi forks only between two turns, and message ${cut.at} is not the last of its turn.`);
  }
  await ask(host, {
    file: launch.options.binary,
    args: ['--mode', 'rpc', '--session', cut.id, '--no-approve', '--no-mcp'],
    cwd,
    // What the caller added for the turn is not in the host's environment.
    env: { ...env, ...quiet(env) },
    stdin: `${JSON.stringify({ type: 'fork', entryId: asString(next.id) ?? '' })}\n`,
  });
  for (const { id, path } of await transcripts(cwd, env, host)) {
    if (taken.has(id) || before.some((old) => old.id === id)) continue;
    if ((await header(path, host))?.parentSession !== source.path) continue;
    if (spoken(await read(path, host)).at(-1)?.id !== last.id) continue;
    taken.add(id);
    return { copy: id };
  }
  throw refuse('internal', `Pi made no copy of session ${cut.id} that ends at message ${cut.at}; fork it as a whole.`);
}

async function notHere({ env }: Launch<PiOptions>, { id, cwd }: Cut, host: Host): Promise<ProviderError> {
  const elsewhere = await findTranscript(id, cwd, env, host);
  if (!elsewhere) return refuse('session-not-found', `Pi has no session ${id}; start a new one.`);
  return refuse('unsupported', `Pi forks at a message only in the folder of the session, ${cwd}; fork it as a whole.`);
}

async function read(path: string, host: Host): Promise<readonly JsonObject[]> {
  try {
    return entries(await host.readFile(path));
  } catch (cause) {
    throw new ProviderError(failure('internal', `The session in ${path} could not be read; fork it as a whole.`), {
      cause,
    });
  }
}
