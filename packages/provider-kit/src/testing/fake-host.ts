import type { Child, Command, Exit, Host } from '@pawl/provider';

export interface FakeRun {
  /** Standard output, whole; split into lines as a host splits it. */
  readonly stdout?: string;
  readonly stderr?: string;
  /** Default: it ended with code 0. */
  readonly exit?: Partial<Exit>;
}

export interface FakeHost extends Host {
  /** What was started, in order. */
  readonly commands: readonly Command[];
  /** Lines that were added to files, in order. */
  readonly appended: readonly { readonly path: string; readonly line: string }[];
  /** What was written to processes that are talked to, in order. */
  readonly said: readonly string[];
}

export interface FakeSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  /** What a process that is talked to prints for what is written to it. */
  readonly reply?: (text: string) => string | undefined;
}

/** A host that starts nothing: each command is answered with what `answer` says. */
export function fakeHost(answer: (command: Command) => FakeRun, surroundings: FakeSurroundings = {}): FakeHost {
  const { env = {}, files = {}, folders = {}, reply } = surroundings;
  const commands: Command[] = [];
  const said: string[] = [];
  const appended: { path: string; line: string }[] = [];
  return {
    commands,
    said,
    appended,
    env,
    spawn(command) {
      commands.push(command);
      const run = answer(command);
      const note = (text: string) => {
        said.push(text);
        return reply?.(text);
      };
      return command.stdinOpen ? talking(run, note, reply !== undefined) : fakeChild(run);
    },
    readFile: async (path) => files[path] ?? Promise.reject(new Error(`no file ${path}`)),
    appendLine: async (path, line) => {
      if (files[path] === undefined) throw new Error(`no file ${path}`);
      appended.push({ path, line });
    },
    listFolder: async (path) => folders[path] ?? [],
    log: () => {},
  };
}

function fakeChild({ stdout = '', stderr = '', exit = {} }: FakeRun): Child {
  let stopped = false;
  async function* lines() {
    const texts = stdout.split('\n');
    if (texts.at(-1) === '') texts.pop();
    for (const [index, text] of texts.entries()) {
      if (stopped) return;
      yield { line: index + 1, text: text.replace(/\r$/, '') };
    }
  }
  const { code = exit.signal || exit.error ? undefined : 0, signal, error } = exit;
  return {
    lines: lines(),
    exit: Promise.resolve({ code, signal, stderrTail: stderr.slice(-16_384), ...(error ? { error } : {}) }),
    stop: async () => {
      stopped = true;
    },
  };
}

/** After its own output it answers, until its input is closed. */
function talking(run: FakeRun, reply: (text: string) => string | undefined, answers: boolean): Child {
  const first = fakeChild(run);
  const waiting: string[] = [];
  let over = !answers || run.exit?.error !== undefined;
  let wake = () => {};
  const finish = () => {
    over = true;
    wake();
  };
  async function* lines() {
    let line = 0;
    for await (const { text } of first.lines) yield { line: ++line, text };
    for (;;) {
      const text = waiting.shift();
      if (text !== undefined) yield { line: ++line, text };
      else if (over) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    ...first,
    lines: lines(),
    write: async (text) => {
      const answer = over && answers ? undefined : reply(text);
      if (answer !== undefined) waiting.push(...answer.trimEnd().split('\n'));
      wake();
      return !over;
    },
    endInput: finish,
    stop: async () => {
      await first.stop();
      finish();
    },
  };
}
