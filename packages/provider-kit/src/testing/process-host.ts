import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, spawnProcess } from '@pawl/process';
import type { Command, Host } from '@pawl/provider';

export interface ProcessHost extends Host {
  readonly commands: readonly Command[];
}

/** Real processes, stopped by force after `stopGraceMs`; no files. */
export function processHost(env: Readonly<Record<string, string>> = {}, stopGraceMs = 400): ProcessHost {
  const commands: Command[] = [];
  const whole = { ...cleanEnvironment(process.env), ...env };
  return {
    commands,
    env: whole,
    spawn(command) {
      commands.push(command);
      return spawnProcess({ ...command, env: { ...whole, ...command.env }, stopGraceMs });
    },
    readFile: (path) => Promise.reject(new Error(`no file ${path}`)),
    listFolder: async () => [],
    log: () => {},
  };
}

/** Runs with a folder of its own, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-provider-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
