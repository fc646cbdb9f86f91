import type { JsonObject } from '@pawl/provider';
import { asFigure, asObject, asString, type BodyEvent } from '@pawl/provider-kit';

/** Known, and of no use here. */
const quiet = new Set([
  ...['status', 'thinking_tokens', 'ui_invalidate', 'informational', 'session_title_changed', 'model_fallback'],
  ...['task_started', 'task_progress', 'task_updated', 'task_notification', 'background_tasks_changed'],
  ...['hook_started', 'hook_progress', 'hook_response', 'permission_denied', 'local_command_output', 'files_persisted'],
]);

/** Lines of type `system`, but for `init`. */
export function* systemEvents(line: JsonObject): Generator<BodyEvent> {
  const subtype = asString(line.subtype) ?? '';
  switch (subtype) {
    case 'api_retry': {
      const delayMs = asFigure(line.retry_delay_ms);
      const status = asFigure(line.error_status);
      yield {
        type: 'retry-notice',
        attempt: asFigure(line.attempt) ?? 1,
        ...(delayMs === undefined ? {} : { delayMs }),
        reason: [asString(line.error) ?? 'unknown', ...(status === undefined ? [] : [`(${status})`])].join(' '),
      };
      return;
    }
    case 'compact_boundary': {
      const metadata = asObject(line.compact_metadata);
      const tokensBefore = asFigure(metadata?.pre_tokens);
      yield {
        type: 'compaction',
        trigger: metadata?.trigger === 'manual' ? 'manual' : 'auto',
        ...(tokensBefore === undefined ? {} : { tokensBefore }),
      };
      return;
    }
    default:
      if (!quiet.has(subtype)) yield { type: 'native', name: `system/${subtype.slice(0, 80)}` };
  }
}
