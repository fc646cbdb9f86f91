import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessCommand } from './command.ts';
import { temporaryFolder } from './temporary.ts';

interface Prepared {
  readonly command: ProcessCommand;
  /** Idempotent; never throws: what the system does not let go of is left to it. */
  readonly remove: () => void;
}

/** Writes a command's files and puts their paths where its arguments and environment name them. */
export function writeFiles(command: ProcessCommand): Prepared {
  const { files = {} } = command;
  if (Object.keys(files).length === 0) return { command, remove: () => {} };
  const folder = temporaryFolder('files');
  const remove = () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {}
  };
  try {
    const paths = new Map<string, string>();
    for (const [index, [name, content]] of Object.entries(files).entries()) {
      // Names are only for the caller: one with a slash or dots must not lead anywhere.
      const path = join(folder, `${index}-${name.replace(/[^A-Za-z0-9.]/g, '-')}`);
      writeFileSync(path, content, { mode: 0o600 });
      paths.set(name, path);
    }
    const placed = (text: string) => paths.get(text) ?? text;
    const env = Object.fromEntries(Object.entries(command.env).map(([name, value]) => [name, placed(value)]));
    return { command: { ...command, args: command.args.map(placed), env }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
