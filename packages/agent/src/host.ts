import { readdir } from 'node:fs/promises';
import { cleanEnvironment, spawnProcess } from '@pawl/process';
import type { Host } from '@pawl/provider';
import { appendLine } from './append-line.ts';
import { folderFiles } from './folder-files.ts';
import { readLines } from './read-lines.ts';
import { readHead, readSmallFile } from './small-file.ts';

export interface HostOptions {
  /** Usually `process.env`. Only the common names and those of `allow` reach the agent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Usually the provider's `environment`. */
  readonly allow: readonly string[];
  /** Reaches the agent as it is. */
  readonly extraEnv?: Readonly<Record<string, string>>;
  /** Marks every process, so that `sweepMarked` of `@pawl/process` finds those a dead caller left behind. */
  readonly marker?: string;
  /** From SIGTERM to SIGKILL when an agent is stopped. Default 5000. */
  readonly stopGraceMs?: number;
  /** Every chunk of the agent's standard output, before it is read. A promise holds the agent back. */
  onStdout?(chunk: Uint8Array): void | Promise<void>;
  log?(level: 'debug' | 'warn', message: string): void;
}

/** Real processes and files, for every provider. */
export function createHost(options: HostOptions): Host {
  const { marker, stopGraceMs, onStdout, log } = options;
  const allowed = cleanEnvironment(options.env, { allow: options.allow });
  const env = { ...allowed, ...options.extraEnv };
  const narrowed = (allow: readonly string[]) => ({ ...cleanEnvironment(allowed, { allow }), ...options.extraEnv });
  return {
    env,
    spawn: ({ environment, ...command }) =>
      spawnProcess({
        ...command,
        env: { ...(environment === undefined ? env : narrowed(environment)), ...command.env },
        ...(marker === undefined ? {} : { marker }),
        ...(stopGraceMs === undefined ? {} : { stopGraceMs }),
        ...(onStdout === undefined ? {} : { onStdout: (chunk: Uint8Array) => onStdout(chunk) }),
      }),
    readFile: readSmallFile,
    readHead,
    listFolder: async (path) => {
      try {
        return await readdir(path);
      } catch (error) {
        if (isAbsent(error)) return [];
        throw error;
      }
    },
    appendLine,
    readLines,
    log: (level, message) => log?.(level, message),
    files: folderFiles,
  };
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
