import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Checkpoints, Costs, EventPage, Explained, PlanPage, StateFields } from '../../../wire.ts';
import { get } from '../data/api.ts';
import { Command } from '../parts/command.tsx';
import { Plan } from '../parts/plan.tsx';
import { duration, When } from '../parts/time.tsx';
import { ActionButton } from './acting.tsx';

interface OfRun {
  readonly run: string;
  readonly seq: number;
}

function useOf<T>(run: string, what: string, seq: number, query: Readonly<Record<string, string>> = {}) {
  return useQuery({
    queryKey: [what, run, seq, query],
    queryFn: ({ signal }) => get<T>(`/api/runs/${run}/${what}`, query, signal),
    placeholderData: (before) => before,
    gcTime: 10_000,
  });
}

export function CostView({ run, seq }: OfRun) {
  const { data } = useOf<Costs>(run, 'costs', seq);
  if (!data) return <p className="dim">Loading…</p>;
  const rows = [
    ...data.agents.map((row) => ({
      name: row.agent,
      models: row.models.join(', '),
      passed: row.passed,
      figures: row.figures,
    })),
    { name: 'together', models: '', passed: undefined, figures: data.total },
  ];
  return (
    <div className="scroll" tabIndex={0}>
      <table className="cards">
        <thead>
          <tr>
            <th>Agent</th>
            <th>Model</th>
            <th className="right">Attempts</th>
            <th className="right">Passed</th>
            <th className="right">Turns</th>
            <th className="right">Tokens</th>
            <th className="right">In</th>
            <th className="right">Cached</th>
            <th className="right">Out</th>
            <th className="right">Agent time</th>
            <th className="right">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, models, passed, figures }) => (
            <tr key={name}>
              <td className="broad">
                <strong>{name}</strong>
              </td>
              <td className="dim">{models}</td>
              <td className="right number" data-label="Attempts">
                {figures.attempts}
              </td>
              <td className="right number" data-label="Passed">
                {passed ?? '–'}
              </td>
              <td className="right number" data-label="Turns">
                {figures.turns}
                {figures.turnsUnreported > 0 ? '+' : ''}
              </td>
              <td className="right number" data-label="Tokens">
                {figures.tokens.text}
              </td>
              <td className="right number" data-label="In">
                {figures.tokens.input}
              </td>
              <td className="right number" data-label="Cached">
                {figures.tokens.cached}
              </td>
              <td className="right number" data-label="Out">
                {figures.tokens.output}
              </td>
              <td className="right number" data-label="Agent time">
                {duration(figures.time.agentMs)}
              </td>
              <td className="right number" data-label="Cost">
                {figures.cost.text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        What it did, took and cost, to take along:{' '}
        {['html', 'markdown', 'json'].map((format) => (
          <span key={format}>
            <a href={`/api/runs/${run}/report?format=${format}`} download>
              {format}
            </a>{' '}
          </span>
        ))}
        <Command text={`pawl report ${run} --format html`} />
      </p>
      <p className="dim">
        Gates {duration(data.total.time.gatesMs)}, git {duration(data.total.time.gitMs)}, waiting{' '}
        {duration(data.total.time.waitingMs)}, other {duration(data.otherMs)}
      </p>
    </div>
  );
}

export function EnvironmentView({ run }: { readonly run: string }) {
  const { data } = useOf<PlanPage>(run, 'plan', 0);
  if (!data) return <p className="dim">Loading…</p>;
  const { base, inputs, spec } = data;
  return (
    <>
      <p className="dim path">
        Repository {base.repository}
        {Object.entries(inputs).map(([name, value]) => ` · ${name}=${value}`)}
      </p>
      <details>
        <summary>Specification: {spec.source}</summary>
        <pre className="text">{spec.text}</pre>
      </details>
      <Plan plan={data} />
    </>
  );
}

export function StateView({ run, seq, path }: OfRun & { readonly path: string }) {
  const { data } = useOf<StateFields>(run, 'state', seq, { path });
  return (
    <table className="plain">
      <tbody>
        {(data?.fields ?? []).map(({ step, name, value }) => (
          <tr key={`${step} ${name}`}>
            <th scope="row">
              <code>{`{${step}.${name}}`}</code>
            </th>
            <td>
              <pre className="value" tabIndex={0}>
                {value}
              </pre>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function CheckpointView({ run, seq }: OfRun) {
  const { data, error } = useOf<Checkpoints>(run, 'checkpoints', seq);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="dim">Looking…</p>;
  return (
    <div className="scroll" tabIndex={0}>
      <table>
        <tbody>
          {data.checkpoints.map(({ commit, name, at, files, insertions, deletions }) => (
            <tr key={`${commit} ${name}`}>
              <td>
                <code>{commit.slice(0, 12)}</code>
              </td>
              <td className="path">{name}</td>
              <td>
                <When at={at} />
              </td>
              <td className="number">
                {files} files <span className="good">+{insertions}</span> <span className="bad">−{deletions}</span>
              </td>
              <td className="right">
                <ActionButton
                  run={run}
                  offer={{
                    request: { action: 'undo', checkpoint: commit, into: 'branch' },
                    label: 'Bring back as a branch',
                    command: `pawl undo ${commit} --run ${run}`,
                  }}
                />
                <ActionButton
                  run={run}
                  offer={{
                    request: { action: 'undo', checkpoint: commit, into: 'worktree' },
                    label: 'into its worktree',
                    command: `pawl undo ${commit} --run ${run} --worktree`,
                  }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Why it is as it is: as `pawl explain` says it. */
export function WhyView({ run, seq, path }: OfRun & { readonly path?: string }) {
  const { data, error } = useOf<Explained>(run, 'explain', seq, path === undefined ? {} : { path });
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="dim">Loading…</p>;
  return (
    <>
      <pre className="text" tabIndex={0}>
        {data.text}
      </pre>
      <Command text={data.command} />
    </>
  );
}

const page = 200;

/** The log itself, the newest first, page by page. */
export function EventsView({ run, seq }: OfRun) {
  const [from, setFrom] = useState(seq);
  const { data, fetchNextPage, hasNextPage, isPlaceholderData } = useInfiniteQuery({
    queryKey: ['events', run, from],
    queryFn: ({ pageParam, signal }) =>
      get<EventPage>(
        `/api/runs/${run}/events`,
        { after: Math.max(0, pageParam - page), limit: Math.min(page, pageParam) },
        signal,
      ),
    initialPageParam: from,
    placeholderData: (before) => before,
    gcTime: 10_000,
    getNextPageParam: (last) => {
      const first = last.events[0]?.seq ?? 1;
      return first > 1 ? first - 1 : undefined;
    },
  });
  // Who reads further back is not taken away from there.
  const atNewest = data?.pages.length === 1 && !isPlaceholderData;
  useEffect(() => {
    if (atNewest) setFrom(seq);
  }, [atNewest, seq]);
  return (
    <>
      {from < seq && !atNewest ? (
        <button type="button" onClick={() => setFrom(seq)}>
          {seq - from} newer
        </button>
      ) : null}
      {data?.pages.flatMap(({ events }) =>
        events.toReversed().map((event) => (
          <details key={event.seq} className="event">
            <summary>
              <span className="number dim">{event.seq}</span> {event.type} <span className="dim">{event.text}</span>
            </summary>
            <pre className="text">{event.json}</pre>
          </details>
        )),
      )}
      {hasNextPage ? (
        <button type="button" onClick={() => void fetchNextPage()}>
          Older
        </button>
      ) : null}
    </>
  );
}
