import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AgentEvent, Exit, OpenRequest, TurnInput } from '@pawl/provider';
import type { FakeSurroundings } from './fake-host.ts';

/** One run of a real CLI, from `recordings/<name>/`. */
export interface Recording {
  readonly name: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: Partial<Exit>;
  /** The command line it was made with, for people. */
  readonly argv: string;
  readonly context: RecordedContext;
  /** What the adapter is to make of it; undefined when nobody has looked at it yet. */
  readonly expected: readonly AgentEvent[] | undefined;
}

/** `context.json`: what an adapter is asked for when the recording is played; all of it is optional. */
export interface RecordedContext extends FakeSurroundings {
  readonly request?: Partial<OpenRequest>;
  readonly input?: Pick<TurnInput, 'limits' | 'outputSchema'>;
}

/** All recordings below a folder, by name. */
export function readRecordings(folder: URL): readonly Recording[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => readRecording(new URL(`${name}/`, slashed(folder)), name)).sort(byName);
}

function readRecording(folder: URL, name: string): Recording {
  const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
  const present = new Set(readdirSync(folder));
  const json = (file: string) => (present.has(file) ? JSON.parse(read(file)) : undefined);
  return {
    name,
    stdout: read('stdout.ndjson'),
    stderr: present.has('stderr.txt') ? read('stderr.txt') : '',
    exit: readExit(read('exit.txt').trim()),
    argv: read('argv.txt').trim(),
    context: json('context.json') ?? {},
    expected: json('expected.json'),
  };
}

/** Stores what the adapter makes of a recording: to be read by a person before it is committed. */
export function writeExpected(folder: URL, name: string, events: readonly AgentEvent[]): void {
  const text = `[\n${events.map((event) => `  ${JSON.stringify(event)}`).join(',\n')}\n]\n`;
  writeFileSync(new URL(`${name}/expected.json`, slashed(folder)), text);
}

/** `exit.txt` holds a code (`0`) or a signal (`SIGKILL`). */
function readExit(text: string): Partial<Exit> {
  return /^\d+$/.test(text) ? { code: Number(text) } : { signal: text };
}

function slashed(folder: URL): URL {
  return folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`);
}

function byName(left: Recording, right: Recording): number {
  return left.name < right.name ? -1 : 1;
}
