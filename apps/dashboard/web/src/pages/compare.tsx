import { queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Comparison, RunRow, StepRow } from '../../../wire.ts';
import { get } from '../data/api.ts';
import { runList } from '../data/queries.ts';
import { Command } from '../parts/command.tsx';
import { RunLink } from '../parts/run-link.tsx';
import { Status } from '../parts/status.tsx';
import { duration, When } from '../parts/time.tsx';

const most = 5;

const comparison = (runs: readonly string[]) =>
  queryOptions({
    queryKey: ['compare', ...runs],
    queryFn: ({ signal }) => get<Comparison>('/api/compare', { runs: runs.join(',') }, signal),
    enabled: runs.length > 1,
    placeholderData: (before) => before,
  });

/** Runs side by side: what each took, and step by step where they part. */
export function ComparePage() {
  const { runs: named = '' } = useSearch({ strict: false }) as { readonly runs?: string };
  const runs = named.split(',').filter((id) => id !== '');
  const { data, error } = useQuery(comparison(runs));
  return (
    <>
      <div className="title">
        <h1>Compare runs</h1>
        <span className="space" />
        {runs.length === 2 ? <Command text={`pawl report --compare ${runs.join(' ')}`} /> : null}
      </div>
      <Choice chosen={runs} />
      {error ? <p role="alert">{error.message}</p> : null}
      {runs.length < 2 ? <p className="empty">Choose two runs or more.</p> : null}
      {data && runs.length > 1 ? <Table comparison={data} /> : null}
    </>
  );
}

function Choice({ chosen }: { readonly chosen: readonly string[] }) {
  const navigate = useNavigate();
  const { data } = useQuery(runList({ limit: 100 }));
  const show = (runs: readonly string[]): void => void navigate({ to: '/compare', search: { runs: runs.join(',') } });
  const left = (data?.runs ?? []).filter(({ id }) => !chosen.includes(id));
  return (
    <div className="filters">
      {chosen.map((id) => (
        <button key={id} type="button" onClick={() => show(chosen.filter((one) => one !== id))}>
          {id} <span aria-hidden="true">×</span>
          <span className="unseen">leave out</span>
        </button>
      ))}
      {chosen.length < most ? (
        <label>
          <span className="unseen">Add a run</span>
          <select value="" onChange={(event) => show([...chosen, event.target.value])}>
            <option value="">Add a run…</option>
            {left.map(({ id, workflow, spec, status }) => (
              <option key={id} value={id}>
                {id} · {workflow} · {spec} · {status}
              </option>
            ))}
          </select>
        </label>
      ) : null}
    </div>
  );
}

const figures: readonly (readonly [label: string, text: (run: RunRow) => string])[] = [
  ['Repository', ({ repository }) => repository.name],
  ['Specification', ({ spec }) => spec],
  ['Time', ({ durationMs }) => duration(durationMs)],
  ['· agents at work', (run) => duration(run.figures.time.agentMs)],
  ['· gates', (run) => duration(run.figures.time.gatesMs)],
  ['Cost', (run) => run.figures.cost.text],
  ['Tokens', (run) => run.figures.tokens.text],
  ['Turns', (run) => `${run.figures.turns}${run.figures.turnsUnreported > 0 ? '+' : ''}`],
  ['Attempts', (run) => String(run.figures.attempts)],
  ['· escalations', (run) => String(run.figures.escalations)],
  ['· stopped by a guard', (run) => String(run.figures.guards)],
];

function Table({ comparison: { runs, steps } }: { readonly comparison: Comparison }) {
  return (
    <div className="scroll" tabIndex={0}>
      <table className="compare">
        <thead>
          <tr>
            <td />
            {runs.map(({ id, workflow, status, startedAt }) => (
              <th key={id} scope="col">
                <Status of={status} /> <RunLink run={id}>{workflow}</RunLink>
                <br />
                <code>{id}</code> <When at={startedAt} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map(([label, text]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {runs.map((run) => (
                <td key={run.id} className="number">
                  {text(run)}
                </td>
              ))}
            </tr>
          ))}
          <tr className="part">
            <th scope="rowgroup" colSpan={runs.length + 1}>
              Step by step
            </th>
          </tr>
          {steps.map(({ path, cells }) => (
            <tr key={path} className={differ(cells) ? 'differ' : ''}>
              <th scope="row">
                {path}
                {differ(cells) ? <span className="unseen"> (not the same)</span> : null}
              </th>
              {runs.map((run, index) => (
                <td key={run.id}>
                  <Cell run={run.id} step={cells[index] ?? undefined} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const differ = (cells: readonly (StepRow | null)[]): boolean =>
  new Set(cells.map((step) => (step ? `${step.status} ${step.attempts.length} ${step.agent ?? ''}` : ''))).size > 1;

function Cell({ run, step }: { readonly run: string; readonly step: StepRow | undefined }) {
  if (!step) return <span className="dim">not in this run</span>;
  const { status, agent, attempts, path, startedAt, endedAt } = step;
  return (
    <>
      <Status of={status} bare />{' '}
      <RunLink run={run} step={path}>
        {attempts.length > 1 ? `${attempts.length} attempts` : (agent ?? status)}
      </RunLink>{' '}
      {attempts.length > 1 && agent !== undefined ? agent : null}
      <br />
      <small className="dim number">
        {[
          ...(startedAt === undefined || endedAt === undefined ? [] : [duration(endedAt - startedAt)]),
          ...(step.figures.attempts > 0 ? [step.figures.cost.text] : []),
        ].join(' · ')}
      </small>
    </>
  );
}
