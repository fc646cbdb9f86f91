import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionList } from '../../../wire.ts';
import { get, type Query } from '../data/api.ts';
import { me } from '../data/queries.ts';
import { SessionTable } from '../parts/session-table.tsx';

const sessionList = (filter: Query) =>
  queryOptions({
    queryKey: ['sessions', filter],
    queryFn: ({ signal }) => get<SessionList>('/api/sessions', filter, signal),
    placeholderData: (before) => before,
  });

/** Conversations of all agents, the last used first; the search also reads what was said in them. */
export function SessionsPage() {
  const [filter, setFilter] = useState<Readonly<Record<string, string>>>({});
  const [before, setBefore] = useState<readonly string[]>([]);
  const { data: user } = useQuery(me);
  const { data, error } = useQuery(sessionList({ ...filter, before: before.at(-1) }));
  const set = (name: string, value: string): void => {
    setBefore([]);
    setFilter({ ...filter, [name]: value });
  };
  const field = (name: string, label: string) => (
    <label>
      <span className="unseen">{label}</span>
      <input
        type="search"
        placeholder={label}
        value={filter[name] ?? ''}
        onChange={(event) => set(name, event.target.value)}
      />
    </label>
  );
  return (
    <>
      <h1 className="unseen">Sessions</h1>
      <search className="filters">
        {field('text', 'Search what was said')}
        {field('agent', 'Agent')}
        {field('tag', 'Tag')}
        <label>
          <span className="unseen">Repository</span>
          <select value={filter.repository ?? ''} onChange={(event) => set('repository', event.target.value)}>
            <option value="">Repository: all</option>
            {(user?.repositories ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={filter.archived === '1'}
            onChange={(event) => set('archived', event.target.checked ? '1' : '')}
          />{' '}
          with the archive
        </label>
      </search>
      {error ? <p role="alert">{error.message}</p> : null}
      {data?.sessions.length === 0 ? <p className="empty">No session fits.</p> : null}
      <SessionTable sessions={data?.sessions ?? []} />
      <p className="more">
        {before.length > 0 ? (
          <button type="button" onClick={() => setBefore(before.slice(0, -1))}>
            Newer
          </button>
        ) : null}
        {data?.more === undefined ? null : (
          <button type="button" onClick={() => setBefore([...before, data.more ?? ''])}>
            Older
          </button>
        )}
      </p>
    </>
  );
}
