import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobRef, Text } from '@pawl/core';
import { RunnerError } from '../errors.ts';
import type { FileSink, Redactor, RunFiles } from '../ports.ts';

const inlineBytes = 4096;

export interface RunFilesOptions {
  /** Of a file that grows (a native stream, a gate's output); what comes after it is left out, and a line says so. Default 1 GiB. */
  readonly maxFileBytes?: number;
}

/** The run's files on disk, below `<home>/runs/<run>`; files 0600, folders 0700. `redactor` sees every text before it is written. */
export function localRunFiles(home: string, redactor: Redactor, options: RunFilesOptions = {}): RunFiles {
  const { maxFileBytes = 1024 ** 3 } = options;
  const place = (run: string, name: string): string => join(home, 'runs', checkedRun(run), checkedName(name));
  const write = async (run: string, name: string, text: string): Promise<void> => {
    const path = place(run, name);
    // Of its own: two lanes may keep the same text at the same time.
    const part = `${path}.${randomUUID()}.part`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      // Whole or not at all, also when the process or the machine dies in between.
      await writeFile(part, text, { mode: 0o600, flush: true });
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw error;
    }
  };
  const read = async (run: string, name: string): Promise<string | undefined> => {
    try {
      return await readFile(place(run, name), 'utf8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };
  return {
    write: async (run, name, text) => write(run, name, redactor.text(text)),
    read,
    async open(run, name) {
      const path = place(run, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return sink(openSync(path, 'w', 0o600), redactor.stream(), maxFileBytes);
    },
    async keep(run, text): Promise<Text> {
      const clean = redactor.text(text);
      const bytes = Buffer.byteLength(clean);
      if (bytes <= inlineBytes) return clean;
      const blob = createHash('sha256').update(clean).digest('hex');
      await write(run, `blobs/${blob}`, clean);
      return { blob, bytes };
    },
    async blob(run, { blob }: BlobRef) {
      if (!/^[0-9a-f]{64}$/.test(blob))
        throw new RunnerError('bad-name', `not the name of a blob: ${blob.slice(0, 100)}`);
      const text = await read(run, `blobs/${blob}`);
      if (text === undefined) throw new RunnerError('blob-missing', `a text of run ${run} is gone: blobs/${blob}`);
      return text;
    },
  };
}

/**
 * Written synchronously: chunks stay in order, nothing waits in memory for a caller who cannot wait, and what was written
 * survives the death of the process. An append into the system's cache takes microseconds.
 */
function sink(file: number, redacted: ReturnType<Redactor['stream']>, maxBytes: number): FileSink {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let left = maxBytes;
  let closed = false;
  const put = (text: string): void => {
    if (text === '' || left <= 0) return;
    const bytes = Buffer.from(text);
    appendFileSync(file, bytes.length > left ? bytes.subarray(0, left) : bytes);
    left -= bytes.length;
    if (left <= 0) appendFileSync(file, `\n[… what came after ${maxBytes} bytes is left out …]\n`);
  };
  return {
    write(chunk) {
      // The number of a closed file may belong to another one by now.
      if (!closed) put(redacted.write(decoder.decode(chunk, { stream: true })));
    },
    async close() {
      if (closed) return;
      closed = true;
      try {
        put(redacted.write(decoder.decode()) + redacted.end());
      } finally {
        closeSync(file);
      }
    },
  };
}

/** Names come back from logs and from people: none leads out of the run's folder. */
function checkedRun(run: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(run)) return run;
  throw new RunnerError('bad-name', `${JSON.stringify(run.slice(0, 100))} cannot name a run`);
}

function checkedName(name: string): string {
  const segments = name.split('/');
  if (segments.every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment))) return name;
  throw new RunnerError('bad-name', `${JSON.stringify(name.slice(0, 100))} cannot name a file of a run`);
}

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
