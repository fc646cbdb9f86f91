import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApplyHow, ApplyPreview } from '../../../wire.ts';
import { get } from '../data/api.ts';
import { Command } from '../parts/command.tsx';
import { ActionButton } from './acting.tsx';

/** What would be brought where, and then it is. */
export function ApplyForm({ run }: { readonly run: string }) {
  const [how, setHow] = useState<ApplyHow>('merge');
  const [branch, setBranch] = useState('');
  const { data, error } = useQuery({
    queryKey: ['apply', run, how, branch],
    queryFn: ({ signal }) => get<ApplyPreview>(`/api/runs/${run}/apply`, { how, branch }, signal),
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const refused = data?.alreadyApplied
    ? 'it is applied already'
    : data && data.conflicts.length + data.blockedBy.length > 0
      ? 'see what stands in its way'
      : undefined;
  return (
    <div className="panel">
      <p className="filters">
        <label>
          How{' '}
          <select value={how} onChange={(event) => setHow(event.target.value as ApplyHow)}>
            <option value="merge">forward, or merged</option>
            <option value="squash">as one commit</option>
            <option value="rebase">each commit again, on top</option>
          </select>
        </label>
        <label>
          Onto{' '}
          <select value={branch} onChange={(event) => setBranch(event.target.value)}>
            <option value="">the branch that is checked out</option>
            {(data?.branches ?? []).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </p>
      {error ? <p role="alert">{error.message}</p> : null}
      {data ? (
        <>
          <p>
            {data.commits.length === 1 ? '1 commit' : `${data.commits.length} commits`} onto <code>{data.branch}</code>{' '}
            ({data.kind}): {data.files.length} files <span className="good">+{data.insertions}</span>{' '}
            <span className="bad">−{data.deletions}</span>
          </p>
          <ul>
            {data.commits.map(({ commit, subject }) => (
              <li key={commit}>
                <code>{commit.slice(0, 8)}</code> {subject}
              </li>
            ))}
          </ul>
          {data.alreadyApplied ? <p>It is in {data.branch} already.</p> : null}
          {data.conflicts.length > 0 ? <p role="alert">Conflicts in {data.conflicts.join(', ')}</p> : null}
          {data.blockedBy.length > 0 ? (
            <p role="alert">Commit or stash these first: {data.blockedBy.join(', ')}</p>
          ) : null}
          <div className="row">
            <ActionButton
              run={run}
              offer={{
                request: { action: 'apply', how, ...(branch !== '' && { branch }) },
                label: 'Apply',
                command: data.command,
                ...(refused !== undefined && { refused }),
              }}
            />
            <Command text={data.command} />
          </div>
        </>
      ) : error ? null : (
        <p className="dim">Looking…</p>
      )}
    </div>
  );
}
