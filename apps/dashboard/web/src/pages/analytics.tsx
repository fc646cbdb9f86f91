import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Analytics, AnalyticsRow } from '../../../wire.ts';
import { get, type Query } from '../data/api.ts';
import { me, runList } from '../data/queries.ts';
import { Chart, type Series } from '../parts/chart.tsx';
import { share } from '../parts/figures.ts';
import { duration } from '../parts/time.tsx';

const analytics = (filter: Query) =>
  queryOptions({
    queryKey: ['analytics', filter],
    queryFn: ({ signal }) => get<Analytics>('/api/analytics', filter, signal),
    placeholderData: (before) => before,
  });

const spans = [7, 30, 90, 365] as const;

/** What agents, models and workflows cost and how often they passed, over many runs. */
export function AnalyticsPage() {
  const [filter, setFilter] = useState<Readonly<Record<string, string>>>({ days: '30' });
  const { data: user } = useQuery(me);
  const { data: runs } = useQuery(runList({}));
  const { data, error } = useQuery(analytics(filter));
  const choice = (name: string, label: string, values: readonly (readonly [value: string, text: string])[]) => (
    <label>
      <span className="unseen">{label}</span>
      <select value={filter[name] ?? ''} onChange={(event) => setFilter({ ...filter, [name]: event.target.value })}>
        {name === 'days' ? null : <option value="">{label}: all</option>}
        {values.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <div className="title">
        <h1>Analytics</h1>
        <span className="space" />
        <div className="filters">
          {choice(
            'days',
            'Time',
            spans.map((days) => [String(days), `Last ${days} days`]),
          )}
          {choice(
            'repository',
            'Repository',
            (user?.repositories ?? []).map(({ id, name }) => [id, name]),
          )}
          {choice(
            'workflow',
            'Workflow',
            (runs?.facets.workflows ?? []).map((name) => [name, name]),
          )}
        </div>
      </div>
      {error ? <p role="alert">{error.message}</p> : null}
      {data?.runs === 0 ? <p className="empty">No run has ended in this time.</p> : null}
      {data && data.runs > 0 ? <Figures data={data} /> : null}
    </>
  );
}

function Figures({ data }: { readonly data: Analytics }) {
  const { runs, passed, figures } = data;
  const facts: readonly (readonly [label: string, value: string])[] = [
    ['Runs', String(runs)],
    ['Passed', share(passed, runs)],
    ['Cost', figures.cost.text],
    ['Tokens', figures.tokens.text],
    ['Turns', String(figures.turns)],
    ['Retries', String(figures.retries)],
    ['Escalations', String(figures.escalations)],
    ['Agents at work', duration(figures.time.agentMs)],
  ];
  return (
    <>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <Trend days={data.days} />
      <Table title="Attempts by agent" of="Agent" counted="Attempts" rows={data.agents} />
      <Table title="Attempts by model" of="Model" counted="Attempts" rows={data.models} />
      <Table title="Attempts by their number" of="Attempt" counted="Attempts" rows={data.attempts} />
      <Table title="Runs by workflow" of="Workflow" counted="Runs" rows={data.workflows} />
    </>
  );
}

const whole = (value: number): string => (Number.isInteger(value) ? String(value) : '');
const dollars = (value: number): string => `$${value.toFixed(value < 100 ? 2 : 0)}`;

function Trend({ days }: { readonly days: Analytics['days'] }) {
  const at = useMemo(() => days.map((day) => day.at), [days]);
  const runs = useMemo<readonly Series[]>(
    () => [
      { label: 'Runs', colour: '--bad', values: days.map((day) => day.runs), text: whole },
      { label: 'passed', colour: '--good', values: days.map((day) => day.passed), text: whole },
    ],
    [days],
  );
  const cost = useMemo<readonly Series[]>(
    () => [{ label: 'Cost', colour: '--busy', values: days.map((day) => day.usd), text: dollars }],
    [days],
  );
  const unpriced = days.reduce((sum, day) => sum + day.unpriced, 0);
  if (days.length < 2) return null;
  return (
    <div className="charts">
      <Chart title="Runs a day, and how many of them passed" at={at} series={runs} />
      <Chart
        title={`Cost a day${unpriced === 0 ? '' : `, without ${unpriced} turns that have no price`}`}
        at={at}
        series={cost}
      />
    </div>
  );
}

interface TableProps {
  readonly title: string;
  readonly of: string;
  readonly counted: string;
  readonly rows: readonly AnalyticsRow[];
}

interface LineProps {
  readonly row: AnalyticsRow;
  readonly counted: string;
}

function Table({ title, of, counted, rows }: TableProps) {
  if (rows.length === 0) return null;
  return (
    <section className="panel">
      <h2>{title}</h2>
      <div className="scroll" tabIndex={0}>
        <table className="cards">
          <thead>
            <tr>
              <th>{of}</th>
              <th className="right">{counted}</th>
              <th className="right">Passed</th>
              <td />
              <th className="right">Escalated</th>
              <th className="right">Cost</th>
              <th className="right">Cost of one that passed</th>
              <th className="right">Tokens</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Line key={row.name} row={row} counted={counted} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ row: { name, count, passed, figures }, counted }: LineProps) {
  const { cost, tokens, escalations } = figures;
  const usd = cost.measuredUsd + cost.estimatedUsd;
  // With turns that have no price it would be too little.
  const each = passed === 0 ? '–' : cost.unpriced > 0 ? '?' : dollars(usd / passed);
  return (
    <tr>
      <td className="wide">{name}</td>
      <td className="right number" data-label={counted}>
        {count}
      </td>
      <td className="right number" data-label="Passed">
        {share(passed, count)}
      </td>
      <td aria-hidden="true">
        <meter className="share" min={0} max={Math.max(1, count)} value={passed} />
      </td>
      <td className="right number" data-label="Escalated">
        {escalations}
      </td>
      <td className="right number" data-label="Cost">
        {cost.text}
      </td>
      <td className="right number" data-label="One that passed">
        {each}
      </td>
      <td className="right number" data-label="Tokens">
        {tokens.text}
      </td>
    </tr>
  );
}
