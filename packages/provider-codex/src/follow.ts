import type { Child, Host, OutputLine } from '@pawl/provider';
import { asObject, asString, readObject } from '@pawl/provider-kit';
import { type Environment, nearRollout } from './folders.ts';

/** The type of a line that comes from the rollout. Codex itself prints none of it. */
export const rolloutLine = 'pawl.rollout';

/** What of a rollout says something that Codex does not print. */
const telling = new RegExp(
  '"type":"(session_meta|turn_context|token_usage_record|compacted)"|' +
    '"type":"(function_call|custom_tool_call|local_shell_call|function_call_output|custom_tool_call_output)"|' +
    '"type":"(item_completed|task_started|task_complete)"',
);
/** A file of this size is read again only after so many lines. */
const sizePerLine = 262_144;
const triesToFind = 30;
/** Codex waits for a network for ever; these come over about 25 seconds. */
const networkWaits = 3;

/**
 * A host under which the output of `codex exec` has in it what the rollout of the session says meanwhile: tokens after each
 * answer, the model, compaction, calls that were denied. Codex prints none of these, or only when the turn ends well.
 */
export function followingHost(host: Host): Host {
  return {
    env: host.env,
    readFile: (path) => host.readFile(path),
    listFolder: (path) => host.listFolder(path),
    log: (level, message) => host.log(level, message),
    spawn(command) {
      const child = host.spawn(command);
      return command.args[0] === 'exec' ? followed(child, { ...host.env, ...command.env }, host) : child;
    },
  };
}

function followed(child: Child, env: Environment, host: Host): Child {
  const tail = new RolloutTail(env, host);
  let waits = 0;

  async function* lines(): AsyncGenerator<OutputLine> {
    let last = 1;
    for await (const line of child.lines) {
      last = line.line;
      yield line;
      const said = line.text.length < 16_384 ? readObject(line) : undefined;
      if (said?.type === 'thread.started') tail.session(asString(said.thread_id));
      warn(said, host);
      if (said) waits = isNetworkWait(said) ? waits + 1 : 0;
      if (waits === networkWaits) void child.stop();
      yield* tail.read(last);
    }
    yield* tail.read(last, true);
  }
  return { lines: lines(), exit: child.exit, stop: () => child.stop() };
}

export function isNetworkWait(line: { readonly type?: unknown; readonly message?: unknown }): boolean {
  return line.type === 'error' && /^Reconnecting\.\.\. waiting for network/.test(String(line.message));
}

/** Items of this kind do not end a turn: an unknown model, settings that are ignored. */
function warn(line: ReturnType<typeof readObject>, host: Host): void {
  const item = asObject(line?.item);
  const message = item?.type === 'error' ? asString(item.message) : undefined;
  if (message !== undefined) host.log('warn', `Codex: ${message}`);
}

class RolloutTail {
  readonly #env: Environment;
  readonly #host: Host;
  #session: string | undefined;
  #path: string | undefined;
  #tries = 0;
  #offset = 0;
  #index = 0;
  #skip = 0;

  constructor(env: Environment, host: Host) {
    this.#env = env;
    this.#host = host;
  }

  session(id: string | undefined): void {
    this.#session ??= id;
  }

  /** What is new, as lines behind the printed one of that number. */
  async *read(line: number, all = false): AsyncGenerator<OutputLine> {
    this.#skip -= 1;
    if (this.#skip >= 0 && !all) return;
    const path = await this.#find();
    const text = path === undefined ? undefined : await this.#host.readFile(path).catch(() => undefined);
    if (text === undefined) return;
    this.#skip = Math.floor(text.length / sizePerLine);
    for (let end = text.indexOf('\n', this.#offset); end >= 0; end = text.indexOf('\n', this.#offset)) {
      const entry = text.slice(this.#offset, end);
      if (telling.test(entry.slice(0, 200))) {
        yield { line, text: `{"type":"${rolloutLine}","index":${this.#index},"entry":${entry}}` };
      }
      this.#offset = end + 1;
      this.#index += 1;
    }
  }

  /** An ephemeral session has none. */
  async #find(): Promise<string | undefined> {
    if (this.#path !== undefined || this.#session === undefined || this.#tries >= triesToFind) return this.#path;
    this.#tries += 1;
    this.#path = (await nearRollout(this.#session, this.#env, this.#host).catch(() => undefined))?.path;
    return this.#path;
  }
}
