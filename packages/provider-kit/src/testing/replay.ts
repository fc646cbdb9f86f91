import type { AgentEvent, Provider, TurnInput } from '@pawl/provider';
import { fakeHost } from './fake-host.ts';
import type { Recording } from './recordings.ts';

export interface ReplayOptions {
  /** Valid options of the provider. Default `{}`. */
  readonly options?: unknown;
  /** Instead of the recorded output: cut, spoilt, … */
  readonly stdout?: string;
}

/**
 * Plays a recording through a provider: the events of its turn. `durationMs` is 0, so that two plays are equal.
 * The host starts nothing; it answers with what was recorded.
 */
export async function replay(
  provider: Provider,
  recording: Pick<Recording, 'stdout' | 'stderr' | 'exit' | 'context'>,
  { options = {}, stdout = recording.stdout }: ReplayOptions = {},
): Promise<readonly AgentEvent[]> {
  const { request, input, ...surroundings } = recording.context;
  const host = fakeHost(() => ({ stdout, stderr: recording.stderr, exit: recording.exit }), surroundings);
  const session = await provider.open(
    { cwd: '/work', access: 'edit', start: { kind: 'new' }, options, ...request },
    host,
  );
  const turn: TurnInput = { prompt: 'the prompt', ...input };
  return await collect(session.turn(turn));
}

export async function collect(turn: AsyncIterable<AgentEvent>): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of turn) events.push(event.type === 'turn-end' ? { ...event, durationMs: 0 } : event);
  return events;
}
