import type { TimelineEntry, Timeline as Told } from '../../../wire.ts';
import { duration } from './time.tsx';

interface TimelineProps {
  readonly timeline: Told;
  readonly onOpen: (step: string, attempt: number) => void;
}

/** When what ran: a line for each step, its attempts, gates and waiting in different fills. */
export function Timeline({ timeline: { entries, startedAt, until }, onOpen }: TimelineProps) {
  const whole = Math.max(1, until - startedAt);
  const steps = [...Map.groupBy(entries, ({ step }) => step)];
  return (
    <section className="timeline" aria-label="Timeline">
      <p className="legend" aria-hidden="true">
        {fills.map(([fill, label]) => (
          <span key={fill}>
            <i className={`bar ${fill}`} /> {label}
          </span>
        ))}
        <span className="space" />
        <span className="number">{duration(whole)}</span>
      </p>
      <ol>
        {steps.map(([step, own]) => (
          <li key={step}>
            <button type="button" className="quiet name" onClick={() => onOpen(step, own[0]?.attempt ?? 1)}>
              {step === '' ? 'run' : step}
            </button>
            <span className="track">
              {own.map((entry, index) => (
                <Bar
                  key={index}
                  entry={entry}
                  from={(entry.startedAt - startedAt) / whole}
                  to={((entry.endedAt ?? until) - startedAt) / whole}
                />
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const fills = [
  ['agent', 'agent'],
  ['gate', 'gate'],
  ['git', 'git'],
  ['waiting', 'waits for a person'],
] as const satisfies readonly (readonly [TimelineEntry['fill'], string])[];

interface BarProps {
  readonly entry: TimelineEntry;
  /** Parts of the whole. */
  readonly from: number;
  readonly to: number;
}

function Bar({ entry: { attempt, fill, name, startedAt, endedAt, outcome }, from, to }: BarProps) {
  const took = endedAt === undefined ? 'so far' : duration(endedAt - startedAt);
  const text = `${name}, attempt ${attempt}: ${outcome}, ${took}`;
  return (
    <span
      className={`bar ${fill} ${outcome}`}
      style={{ left: `${100 * from}%`, width: `max(3px, ${100 * Math.max(0, to - from)}%)` }}
      title={text}
      role="img"
      aria-label={text}
    />
  );
}
