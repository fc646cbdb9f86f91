import type { Exit } from '@pawl/provider';
import type { CodexOptions } from '@pawl/provider-codex';
import type { BodyEvent, Launch } from '@pawl/provider-kit';
import { translate } from '../src/translate.ts';

export const id = '01a1f855-86ea-7b53-896a-a83558fec421';
export const ref = { provider: 'codex', id, cwd: '/work' };
export const launch: Launch<CodexOptions> = {
  cwd: '/work',
  options: { binary: 'codex', network: false, args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: '',
  limits: {},
  env: {},
  freshId: 'unused',
};
export const ok: Exit = { code: 0, signal: undefined, stderrTail: '' };

export function play(lines: readonly object[], over: Partial<Launch<CodexOptions>> = {}, exit: Partial<Exit> = {}) {
  const translator = translate({ ...launch, ...over });
  const events: BodyEvent[] = lines.flatMap((line, index) => [
    ...translator.line({ line: index + 1, text: JSON.stringify(line) }),
  ]);
  const ofType = <T extends BodyEvent['type']>(type: T) =>
    events.filter((event): event is Extract<BodyEvent, { type: T }> => event.type === type);
  return { events, ofType, end: translator.end({ ...ok, ...exit }) };
}

export const started = { type: 'thread.started', thread_id: id };
export const item = (event: string, more: object) => ({ type: `item.${event}`, item: { id: 'item_0', ...more } });
export const says = (text: string) => item('completed', { type: 'agent_message', text });
export const usage = (times: number) => ({
  ...{ input_tokens: 9_000 * times, cached_input_tokens: 6_000 * times, cache_write_input_tokens: 0 },
  ...{ output_tokens: 40 * times, reasoning_output_tokens: 16 * times },
});
export const completed = (times = 1) => ({ type: 'turn.completed', usage: usage(times) });
export const failed = (message: string) => ({ type: 'turn.failed', error: { message } });
export const rollout = (index: number, type: string, payload: object) => ({
  ...{ type: 'pawl.rollout', index },
  entry: { timestamp: '2026-11-20T10:00:00.000Z', ordinal: index, type, payload },
});
export const record = (index: number, turn: number, thread = turn) =>
  rollout(index, 'token_usage_record', { usage: usage(turn), thread_token_usage: usage(thread) });
export const total = (times: number) => ({
  total: { input: 9_000 * times, cached: 6_000 * times, written: 0, output: 40 * times, reasoning: 16 * times },
});
export const oneAnswer = {
  ...{ inputTokens: 9_000, cachedInputTokens: 6_000, cacheWriteTokens: 0, outputTokens: 40, reasoningTokens: 16 },
};
