import type { Text } from './effects.ts';
import type { AttemptView } from './state.ts';

/** A field of a step as templates read it; undefined where there is no such value (yet). */
export function fieldOf(view: AttemptView, field: string): Text | undefined {
  const { report, checkpoint } = view;
  switch (field) {
    case 'output':
      return view.output ?? checkpoint?.diff ?? completedText(view);
    case 'diff':
      return checkpoint?.diff;
    case 'files':
      return checkpoint?.files.map((file) => file.path).join(', ');
    case 'comments':
      return view.comments;
    case 'agent':
      return view.agent;
    case 'session_id':
      return report?.session?.id;
    case 'attempt':
      return String(view.attempt);
    case 'retries':
      return String(Math.max(0, view.attempt - 1));
    case 'status':
      if (view.phase === 'skipped') return 'skipped';
      return view.failure ? 'fail' : 'pass';
    case 'check_result':
      return Object.keys(view.gates).length === 0 ? 'none' : allPass(view) ? 'pass' : 'fail';
    case 'duration':
      return number(report?.durationMs);
    case 'cost':
      return report && (report.cost.state === 'unknown' ? 'unknown' : money(report.cost.usd));
    case 'turns':
      return number(report?.usage.turns);
    case 'tokens_in':
      return number(report?.usage.inputTokens);
    case 'tokens_out':
      return number(report?.usage.outputTokens);
    case 'cache_read':
      return number(report?.usage.cachedInputTokens);
    case 'cache_write':
      return number(report?.usage.cacheWriteTokens);
    default:
      return gateField(view, field);
  }
}

/** `gate.<name>`, `gate.<name>.pass`, `.error`, `.comments`. */
function gateField(view: AttemptView, field: string): string | undefined {
  const match = /^gate\.(.+?)(?:\.(pass|error|comments))?$/.exec(field);
  const name = match?.[1];
  if (name === undefined || !Object.hasOwn(view.gates, name)) return undefined;
  const report = view.gates[name];
  if (match?.[2] === 'error') return report?.failure;
  return match?.[2] === 'comments' ? (report?.comments ?? report?.failure) : String(report?.pass);
}

const completedText = ({ report }: AttemptView): Text | undefined =>
  report?.end.kind === 'completed' ? report.end.text : undefined;
const allPass = ({ gates }: AttemptView): boolean => Object.values(gates).every((gate) => gate.pass);
const number = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
const money = (usd: number): string => usd.toFixed(usd < 0.01 ? 4 : 2);
