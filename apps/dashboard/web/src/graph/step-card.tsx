import { Handle, Position } from '@xyflow/react';
import { Status } from '../parts/status.tsx';
import type { DrawnStep } from './layout.ts';

/** One box: what it is, who does it, how it is checked. */
export function StepCard({ step }: { readonly step: DrawnStep }) {
  const { name, kind, agent, gates, retry, each, parallel, when, asks, status, steps } = step;
  const how = [
    kind,
    ...(agent === undefined ? [] : [agent]),
    ...(each ? ['for each task'] : []),
    ...(parallel ? ['side by side'] : []),
  ];
  const checks = gates.length === 0 ? '' : `✓ ${gates.map((gate) => gate.name).join(', ')}`;
  const turns = [
    ...(retry === undefined ? [] : [`↻ ${retry}`]),
    ...(asks === undefined ? [] : ['? asks']),
    ...(when === undefined ? [] : [`when ${when}`]),
  ];
  // Above what is inside there is room for one.
  const lines = steps.length > 0 ? [[checks, ...turns].filter(Boolean).join(' · ')] : [checks, turns.join(' · ')];
  return (
    <div
      className={`step-card ${status ?? kind} ${steps.length > 0 ? 'holds' : ''}`}
      title={[checks, ...turns].join('\n')}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="what">
        {status === undefined ? null : (
          <>
            <Status of={status} bare />{' '}
          </>
        )}
        <strong>{name}</strong> <small className="dim">{how.join(' · ')}</small>
      </span>
      {lines.filter(Boolean).map((line) => (
        <small key={line} className="line dim">
          {line}
        </small>
      ))}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}
