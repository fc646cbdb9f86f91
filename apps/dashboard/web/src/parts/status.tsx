import type { Gate, Standing, StepStatus } from '../../../wire.ts';

type Any = Standing | StepStatus | Gate['status'];

/** A shape, a word and a colour: none is told by one of them alone. */
const marks: Readonly<Record<Any, readonly [mark: string, tone: string]>> = {
  pending: ['○', 'dim'],
  running: ['▸', 'busy'],
  stopping: ['■', 'warn'],
  waiting: ['?', 'need'],
  interrupted: ['!', 'need'],
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  aborted: ['■', 'warn'],
  stopped: ['■', 'warn'],
  skipped: ['–', 'dim'],
};

export function Status({ of, bare = false }: { readonly of: Any; readonly bare?: boolean }) {
  const [mark, tone] = marks[of];
  return (
    <span className={`status ${tone}`} title={of}>
      <span aria-hidden="true" className="mark">
        {mark}
      </span>
      <span className={bare ? 'unseen' : ''}>{of}</span>
    </span>
  );
}
