import { useEffect, useMemo, useRef, useState } from 'react';
import type { StepRow } from '../../../wire.ts';
import { Status } from '../parts/status.tsx';
import { Elapsed } from '../parts/time.tsx';

const rowHeight = 26;
/** Rows that are drawn beyond what is seen. */
const spare = 12;

interface TreeProps {
  readonly steps: readonly StepRow[];
  readonly chosen: string | undefined;
  readonly onChoose: (path: string) => void;
}

/** The steps in the order of the plan. Only those that are seen are drawn: ten thousand tasks are no trouble. */
export function StepTree({ steps, chosen, onChoose }: TreeProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const box = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => visible(steps, folded), [steps, folded]);
  const holders = useMemo(() => new Set(steps.map(({ parent }) => parent)), [steps]);
  const at = shown.findIndex(({ path }) => path === chosen);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    if (!element || at < 0) return;
    const [from, to] = [at * rowHeight, (at + 1) * rowHeight];
    if (from < element.scrollTop) element.scrollTop = from;
    else if (to > element.scrollTop + element.clientHeight) element.scrollTop = to - element.clientHeight;
  }, [at]);

  const fold = (path: string, open: boolean): void => {
    const next = new Set(folded);
    if (open) next.delete(path);
    else next.add(path);
    setFolded(next);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const move = moves[event.key];
    const row = shown[at];
    if (move !== undefined) onChoose((shown[Math.min(shown.length - 1, Math.max(0, at + move))] ?? row)?.path ?? '');
    else if (event.key === 'ArrowLeft' && row) fold(row.path, false);
    else if (event.key === 'ArrowRight' && row) fold(row.path, true);
    else return;
    event.preventDefault();
  };
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const last = Math.min(shown.length, Math.ceil((top + height) / rowHeight) + spare);
  return (
    <div
      ref={box}
      className="tree"
      role="tree"
      aria-label="Steps"
      tabIndex={0}
      aria-activedescendant={at >= 0 ? `step-${at}` : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div style={{ height: shown.length * rowHeight, position: 'relative' }}>
        {shown.slice(first, last).map((step, index) => (
          <TreeLine
            key={step.path}
            id={`step-${first + index}`}
            step={step}
            place={(first + index) * rowHeight}
            chosen={step.path === chosen}
            folded={folded.has(step.path)}
            inside={holders.has(step.path)}
            onChoose={() => onChoose(step.path)}
            onFold={() => fold(step.path, folded.has(step.path))}
          />
        ))}
      </div>
    </div>
  );
}

const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 20, PageUp: -20 };

interface TreeLineProps {
  readonly id: string;
  readonly step: StepRow;
  readonly place: number;
  readonly chosen: boolean;
  readonly folded: boolean;
  readonly inside: boolean;
  readonly onChoose: () => void;
  readonly onFold: () => void;
}

function TreeLine({ id, step, place, chosen, folded, inside, onChoose, onFold }: TreeLineProps) {
  const { name, depth, status, kind, serves, attempts, needs, agent, startedAt, endedAt, figures } = step;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself has the keys
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-selected={chosen}
      aria-level={depth + 1}
      aria-expanded={inside ? !folded : undefined}
      className={`tree-line ${status}`}
      style={{ top: place, height: rowHeight, paddingLeft: 6 + depth * 14 }}
      onClick={onChoose}
    >
      {inside ? (
        <button
          type="button"
          tabIndex={-1}
          className="fold"
          aria-label={folded ? `unfold ${name}` : `fold ${name}`}
          onClick={(event) => {
            event.stopPropagation();
            onFold();
          }}
        >
          {folded ? '▹' : '▿'}
        </button>
      ) : (
        <span className="fold" />
      )}
      <Status of={status} bare />
      <span className="tree-name">{name}</span>
      {serves ? <span className="dim">{serves.purpose}</span> : null}
      {needs ? <span className="badge">you</span> : null}
      {attempts.length > 1 ? (
        <span className="dots" title={`${attempts.length} attempts`}>
          {attempts.slice(-6).map((attempt, index) => (
            <Status key={index} of={attempt.status} bare />
          ))}
        </span>
      ) : null}
      <span className="space" />
      <small className="dim tree-agent">{kind === 'task' ? '' : (agent ?? '')}</small>
      {figures.cost.text === '$0.00' ? null : <small className="number dim">{figures.cost.text}</small>}
      <small className="dim tree-time">
        {startedAt === undefined || (endedAt === undefined && status !== 'running') ? (
          ''
        ) : (
          <Elapsed from={startedAt} to={endedAt} />
        )}
      </small>
    </div>
  );
}

/** What is not inside something folded. Parents come before what is inside them. */
function visible(steps: readonly StepRow[], folded: ReadonlySet<string>): readonly StepRow[] {
  if (folded.size === 0) return steps;
  const hidden = new Set<string>();
  return steps.filter(({ path, parent }) => {
    if (parent === undefined || !(folded.has(parent) || hidden.has(parent))) return true;
    hidden.add(path);
    return false;
  });
}
