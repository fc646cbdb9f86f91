import type { AgentEvent } from '@pawl/provider';
import type { Surroundings } from '../perform.ts';
import type { FileSink } from '../ports.ts';

/** What is kept of a turn, below the run's folder: the prompt as sent, the native stream, the events, the session. */
export interface TurnFiles {
  native(chunk: Uint8Array): void;
  event(event: AgentEvent): Promise<void>;
  /** Closes all, then throws what failed first. */
  close(): Promise<void>;
}

export async function openTurnFiles(
  folder: string,
  prompt: string,
  { state: { run }, ports: { files } }: Pick<Surroundings, 'state' | 'ports'>,
): Promise<TurnFiles> {
  await files.write(run, `${folder}/prompt.md`, prompt);
  const sinks: FileSink[] = [];
  const close = async (): Promise<void> => {
    const closed = await Promise.allSettled(sinks.map((sink) => sink.close()));
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  };
  const open = async (name: string): Promise<FileSink> => {
    const sink = await files.open(run, `${folder}/${name}`);
    sinks.push(sink);
    return sink;
  };
  try {
    const native = await open('native.log');
    const events = await open('events.ndjson');
    const encoder = new TextEncoder();
    return {
      native: (chunk) => native.write(chunk),
      async event(event) {
        events.write(encoder.encode(`${JSON.stringify(event)}\n`));
        // After a crash this is how the conversation is found again.
        if (event.type === 'session-ready')
          await files.write(run, `${folder}/session.json`, JSON.stringify(event.session));
      },
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}
