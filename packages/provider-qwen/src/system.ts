import type { JsonObject } from '@pawl/provider';
import { asFigure, asObject, asString, type BodyEvent } from '@pawl/provider-kit';

/** Known, and of no use here. */
const quiet = new Set([
  ...['session_start', 'session_end', 'task_started', 'task_progress', 'task_notification', 'at_command'],
  ...['worktree_started', 'worktree_restored', 'mcp_server_status', 'session_recording_degraded', 'model_fallback'],
  ...['vision_bridge_notice', 'vision_bridge_fallback', 'tool_use_summary'],
]);

/** Lines of type `system`, but for `init`. `retries` counts those told so far. */
export function* systemEvents(line: JsonObject, retries: number): Generator<BodyEvent> {
  const subtype = asString(line.subtype) ?? '';
  if (subtype !== 'retry') {
    if (!quiet.has(subtype)) yield { type: 'native', name: `system/${subtype.slice(0, 80)}` };
    return;
  }
  const data = asObject(line.data);
  const delayMs = asFigure(data?.delayMs);
  yield {
    type: 'retry-notice',
    attempt: asFigure(data?.attempt) ?? retries,
    ...(delayMs === undefined ? {} : { delayMs }),
    reason: asString(data?.reason) === 'model_fallback' ? 'another model answers' : 'the answer broke off or was cut',
  };
}
