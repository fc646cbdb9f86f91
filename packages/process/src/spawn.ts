import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { HeadTail } from './capture.ts';
import type { Exit, ProcessCommand, RunningProcess, StartFailure } from './command.ts';
import { identify } from './identity.ts';
import { followProcess } from './lifetime.ts';
import { LineQueue } from './line-queue.ts';
import { LineSplitter } from './line-splitter.ts';
import { type OpenInput, openInput } from './open-input.ts';
import { writeFiles } from './private-files.ts';
import { pump } from './pump.ts';
import { badFolder, startFailure } from './start-failure.ts';
import { markerVariable } from './sweep.ts';
import { treeVariable } from './tree.ts';

const drainMs = 400;
const drainBytes = 4 * 1024 * 1024;

interface Started {
  readonly running: RunningProcess;
  /** Settles when all of standard output has been handed on; rejects with what `onStdout` threw. */
  readonly drained: Promise<void>;
}

/** Starts a program in its own process group. Never throws: what goes wrong is told by `exit`. */
export function spawnProcess(command: ProcessCommand): RunningProcess {
  const { running, drained } = startProcess(command);
  // The reader of `lines` is told.
  drained.catch(() => undefined);
  return running;
}

export function startProcess(asked: ProcessCommand): Started {
  let remove = () => {};
  try {
    const failure = badFolder(asked);
    if (failure) return notStarted(asked, Promise.resolve(failure));
    const written = writeFiles(asked);
    remove = written.remove;
    const { command } = written;
    const id = randomUUID();
    const child = start(command, id);
    if (child.pid === undefined) {
      remove();
      return notStarted(
        asked,
        child.then((result) => startFailure(command, result.cause ?? result)),
      );
    }
    const begun = started(command, child, child.pid, id);
    void begun.running.exit.then(remove);
    return begun;
  } catch (error) {
    remove();
    return notStarted(asked, Promise.resolve(startFailure(asked, error)));
  }
}

type Subprocess = ReturnType<typeof start>;

function start(command: ProcessCommand, id: string) {
  const marker = command.marker === undefined ? {} : { [markerVariable]: command.marker };
  return execa(command.file, command.args, {
    cwd: command.cwd,
    env: { ...command.env, ...marker, [treeVariable]: id },
    extendEnv: false,
    // On Windows this would open a console window.
    detached: process.platform !== 'win32',
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: command.stdin === undefined && !command.stdinOpen ? 'ignore' : 'pipe',
  });
}

/** Must not wait before it reads the start time: until the event loop turns nobody can have reaped the child. */
function started(command: ProcessCommand, child: Subprocess, pid: number, id: string): Started {
  const identity = identify(pid);
  const tree = identity && { root: identity, id, seen: new Map([[pid, identity]]) };
  const life = followProcess(child.nodeChildProcess, pid, tree, command.stopGraceMs ?? 5000);
  const limits = { gone: life.finished.then(() => undefined), drainMs, drainBytes };

  const tail = new HeadTail(0, command.stderrTailBytes ?? 16 * 1024);
  const stderrDrained = pump(child.stderr, {
    ...limits,
    each: (chunk) => {
      tail.add(chunk);
      command.onStderr?.(chunk);
    },
  }).catch(() => undefined);
  const queue = new LineQueue();
  const drained = pumpLines(command, queue, (each) => pump(child.stdout, { ...limits, each }));

  // It may end without having read its input.
  child.stdin?.on('error', () => undefined);
  const input: Partial<OpenInput> = command.stdinOpen ? openInput(child.stdin) : {};
  if (!command.stdinOpen) child.stdin?.end(command.stdin);
  else if (command.stdin !== undefined) child.stdin?.write(command.stdin);
  child.nodeChildProcess.once('exit', () => child.stdin?.destroy());

  const exit = life.finished.then(async (how): Promise<Exit> => {
    await stderrDrained;
    return { ...how, stderrTail: tail.text(() => '') };
  });
  return { running: { pid, identity, lines: queue, exit, stop: life.stop, ...input }, drained };
}

async function pumpLines(
  command: ProcessCommand,
  queue: LineQueue,
  read: (each: (chunk: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const splitter = new LineSplitter(command.maxLineBytes ?? 8 * 1024 * 1024);
  let failure: { readonly error: unknown } | undefined;
  await read(async (chunk) => {
    if (failure) return;
    try {
      await command.onStdout?.(chunk);
    } catch (error) {
      failure = { error };
      queue.fail(error);
      return;
    }
    if (!queue.wanted) return splitter.skip(chunk);
    for (const line of splitter.push(chunk)) queue.push(line);
    await queue.room();
  });
  if (failure) throw failure.error;
  for (const line of splitter.end()) queue.push(line);
  queue.end();
}

function notStarted(asked: ProcessCommand, failure: Promise<StartFailure>): Started {
  const queue = new LineQueue();
  const drained = failure.then(() => queue.end());
  const exit = failure.then((error) => ({ code: undefined, signal: undefined, stderrTail: '', error }));
  const stop = () => drained;
  const input: Partial<OpenInput> = asked.stdinOpen ? openInput(undefined) : {};
  return { running: { pid: undefined, identity: undefined, lines: queue, exit, stop, ...input }, drained };
}
