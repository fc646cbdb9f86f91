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
            <span className="name">{step === '' ? 'run' : step}</span>
            <span className="track">
              {own.map((entry) => (
                <Bar
                  key={`${entry.fill} ${entry.name} ${entry.attempt} ${entry.startedAt}`}
                  entry={entry}
                  from={(entry.startedAt - startedAt) / whole}
                  to={((entry.endedAt ?? until) - startedAt) / whole}
                  onOpen={onOpen}
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
  readonly onOpen: TimelineProps['onOpen'];
}

function Bar({ entry: { step, attempt, fill, name, startedAt, endedAt, outcome }, from, to, onOpen }: BarProps) {
  const took = endedAt === undefined ? 'so far' : duration(endedAt - startedAt);
  const text = `${name}, attempt ${attempt}: ${outcome}, ${took}`;
  return (
    <button
      type="button"
      className={`bar ${fill} ${outcome}`}
      style={{ left: `${100 * from}%`, width: `max(3px, ${100 * Math.max(0, to - from)}%)` }}
      title={text}
      aria-label={`${step}: ${text}`}
      onClick={() => onOpen(step, attempt)}
    />
  );
}
