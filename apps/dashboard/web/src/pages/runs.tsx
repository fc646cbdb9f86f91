import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunRow } from '../../../wire.ts';
import { me, runList } from '../data/queries.ts';
import { Status } from '../parts/status.tsx';
import { duration, Elapsed, When } from '../parts/time.tsx';

const statuses = ['running', 'waiting', 'interrupted', 'failed', 'passed', 'aborted'] as const;

export function RunsPage() {
  const [filter, setFilter] = useState<Readonly<Record<string, string>>>({});
  const { data: user } = useQuery(me);
  const { data, error } = useQuery(runList(filter));
  const set = (name: string, value: string): void => setFilter({ ...filter, [name]: value });
  const choice = (name: string, label: string, values: readonly (readonly [string, string])[]) => (
    <label>
      <span className="unseen">{label}</span>
      <select value={filter[name] ?? ''} onChange={(event) => set(name, event.target.value)}>
        <option value="">{label}: all</option>
        {values.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const same = (all: readonly string[] = []) => all.map((one) => [one, one] as const);
  return (
    <>
      <h1 className="unseen">Runs</h1>
      <search className="filters">
        <label>
          <span className="unseen">Search</span>
          <input
            type="search"
            placeholder="Search runs"
            value={filter.text ?? ''}
            onChange={(event) => set('text', event.target.value)}
          />
        </label>
        {choice('status', 'Status', same(statuses))}
        {choice(
          'repository',
          'Repository',
          (user?.repositories ?? []).map(({ id, name }) => [id, name] as const),
        )}
        {choice('workflow', 'Workflow', same(data?.facets.workflows))}
        {choice('agent', 'Agent', same(data?.facets.agents))}
        {(data?.facets.tags.length ?? 0) > 0 ? choice('tag', 'Tag', same(data?.facets.tags)) : null}
      </search>
      {error ? <p role="alert">{error.message}</p> : null}
      {data?.runs.length === 0 ? <NoRuns filtered={Object.values(filter).some((value) => value !== '')} /> : null}
      <RunTable runs={data?.runs ?? []} />
      {data?.more === undefined ? null : <p className="more">There are older ones: narrow the search.</p>}
    </>
  );
}

function NoRuns({ filtered }: { readonly filtered: boolean }) {
  return (
    <div className="empty">
      <p>{filtered ? 'No run fits.' : 'No run yet. In a repository:'}</p>
      {filtered ? null : <code>pawl run tdd --spec spec.md</code>}
    </div>
  );
}

export function RunTable({ runs }: { readonly runs: readonly RunRow[] }) {
  if (runs.length === 0) return null;
  return (
    <div className="scroll" tabIndex={0}>
      <table className="runs">
        <thead>
          <tr>
            <th>Status</th>
            <th>Run</th>
            <th>Now</th>
            <th className="right">Steps</th>
            <th className="right">Gates</th>
            <th className="right">Time</th>
            <th className="right">Tokens</th>
            <th className="right">Cost</th>
            <th>Started</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunLine key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunLine({ run }: { readonly run: RunRow }) {
  const { id, status, workflow, spec, repository, at, done, gates, figures, startedAt, endedAt, needs } = run;
  const live = status === 'running' || status === 'stopping';
  const [first] = at;
  return (
    <tr className={status}>
      <td>
        <Status of={status} />
        {needs > 0 ? <span className="unseen"> needs you</span> : null}
      </td>
      <td className="name">
        <a href={`/runs/${id}`}>{workflow}</a> <span className="dim">{spec}</span>
        <br />
        <small className="dim">
          {repository.name} · <code>{id}</code>
        </small>
      </td>
      <td>
        {first ? (
          <>
            {first.step} {first.attempt > 1 ? <span className="tag">attempt {first.attempt}</span> : null}
            <br />
            <small className="dim">
              {first.agent ?? first.doing}
              {at.length > 1 ? ` and ${at.length - 1} more` : ''}
            </small>
          </>
        ) : (
          <small className="dim">{run.reason ?? ''}</small>
        )}
      </td>
      <td className="right number">
        {done.steps}/{done.of}
      </td>
      <td className="right number">
        {gates.passed} <span className="dim">✓</span>{' '}
        {gates.failed > 0 ? <span className="bad">{gates.failed} ✗</span> : null}
      </td>
      <td className="right">
        {live ? <Elapsed from={startedAt} to={endedAt} /> : <span className="number">{duration(run.durationMs)}</span>}
      </td>
      <td className="right number">{figures.tokens.text}</td>
      <td className="right number">{figures.cost.text}</td>
      <td>
        <When at={startedAt} />
      </td>
    </tr>
  );
}
