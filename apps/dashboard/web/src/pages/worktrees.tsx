import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Acted, Repository, Worktree, Worktrees } from '../../../wire.ts';
import { get, send } from '../data/api.ts';
import { me, queries } from '../data/queries.ts';
import { Command } from '../parts/command.tsx';
import { bytes } from '../parts/figures.ts';
import { RunLink } from '../parts/run-link.tsx';
import { Status } from '../parts/status.tsx';
import { When } from '../parts/time.tsx';

const worktrees = (force: boolean) =>
  queryOptions({
    queryKey: ['worktrees', force],
    queryFn: () => get<Worktrees>('/api/worktrees', { force: force ? 1 : undefined }),
    placeholderData: (before) => before,
  });

/** What lies in the folder of worktrees, what of it is needed no more, and why the rest stays. */
export function WorktreesPage() {
  const [force, setForce] = useState(false);
  const [days, setDays] = useState('30');
  const { data, error, isPending } = useQuery(worktrees(force));
  if (error) return <p role="alert">{error.message}</p>;
  if (isPending) return <p className="empty">Looking at the worktrees…</p>;
  if (data.worktrees.length === 0)
    return (
      <>
        <h1>Worktrees</h1>
        <p className="empty">There is no worktree: each run that begins gets its own.</p>
      </>
    );
  return (
    <>
      <div className="title">
        <h1>Worktrees</h1>
        <span className="dim">
          {data.worktrees.length} · {bytes(data.bytes)} · {bytes(data.freed)} of it needed no more
        </span>
        <span className="space" />
        <Command text={data.command} />
      </div>
      <p className="filters">
        <label>
          <input type="checkbox" checked={force} onChange={(event) => setForce(event.target.checked)} /> also what is
          dirty, unmerged or could be resumed: a checkpoint keeps it
        </label>
        <label>
          let go of checkpoints older than{' '}
          <input
            className="short"
            type="number"
            min={1}
            max={3650}
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />{' '}
          days
        </label>
      </p>
      {repositoriesOf(data.worktrees).map((repository) => (
        <Section
          key={repository?.id ?? ''}
          repository={repository}
          worktrees={data.worktrees.filter((one) => one.repository?.id === repository?.id)}
          how={{ force, days: Number(days) || 30 }}
        />
      ))}
    </>
  );
}

function repositoriesOf(all: readonly Worktree[]): readonly (Repository | undefined)[] {
  return [...new Map(all.map(({ repository }) => [repository?.id, repository])).values()];
}

interface SectionProps {
  readonly repository: Repository | undefined;
  readonly worktrees: readonly Worktree[];
  readonly how: How;
}

interface How {
  readonly force: boolean;
  readonly days: number;
}

function Section({ repository, worktrees: all, how }: SectionProps) {
  const going = all.filter(({ keep }) => keep === undefined);
  return (
    <section className="panel">
      <div className="title">
        <h2 title={repository?.path}>{repository?.name ?? 'Of no repository that is known'}</h2>
        <span className="space" />
        {repository && going.length > 0 ? <Collect repository={repository} going={going} how={how} /> : null}
      </div>
      <div className="scroll" tabIndex={0}>
        <table className="cards">
          <thead>
            <tr>
              <th>Run</th>
              <th>Lane</th>
              <th>Run is</th>
              <th className="right">Size</th>
              <th>Last used</th>
              <th>Stays because</th>
            </tr>
          </thead>
          <tbody>
            {all.map((worktree) => (
              <Line key={worktree.path} worktree={worktree} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ worktree }: { readonly worktree: Worktree }) {
  const { path, run, lane, status, state, usedAt, keep, dirty, unmerged } = worktree;
  const facts = [
    ...(state === 'whole' ? [] : [state === 'half' ? 'half made' : 'its repository is gone']),
    ...(dirty ? ['uncommitted files'] : []),
    ...(unmerged ? [unmerged === 1 ? '1 commit not merged' : `${unmerged} commits not merged`] : []),
  ];
  return (
    <tr>
      <td className="wide">
        {status === 'unknown' ? <code>{run}</code> : <RunLink run={run}>{run}</RunLink>}
        <br />
        <small className="dim path">{path}</small>
      </td>
      <td data-label="Lane">{lane}</td>
      <td data-label="Run is">
        {status === 'unknown' ? <span className="dim">unknown</span> : <Status of={status} />}
      </td>
      <td className="right number" data-label="Size">
        {worktree.bytes === undefined ? '?' : bytes(worktree.bytes)}
      </td>
      <td data-label="Last used">
        <When at={usedAt} />
      </td>
      <td className="broad" data-label="Stays because">
        {keep ?? <span className="good">nothing: pawl gc takes it away</span>}
        {facts.length > 0 ? (
          <>
            <br />
            <small className="dim">{facts.join(' · ')}</small>
          </>
        ) : null}
      </td>
    </tr>
  );
}

interface CollectProps {
  readonly repository: Repository;
  readonly going: readonly Worktree[];
  readonly how: How;
}

function Collect({ repository, going, how }: CollectProps) {
  const { data: user } = useQuery(me);
  const [sure, setSure] = useState(false);
  const collect = useMutation({
    mutationFn: () => send<Acted>('/api/worktrees/gc', { repository: repository.id, ...how }),
    onSettled: () => {
      setSure(false);
      return queries.invalidateQueries({ queryKey: ['worktrees'] });
    },
  });
  if (!user || user.readOnly || user.role !== 'operator') return null;
  const size = going.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  const label = `Take away ${going.length === 1 ? 'one worktree' : `${going.length} worktrees`} (${bytes(size)})`;
  return (
    <>
      {collect.error ? <span role="alert">{collect.error.message}</span> : null}
      {collect.data ? <span role="status">{collect.data.text}</span> : null}
      <button
        type="button"
        className={how.force ? 'danger' : ''}
        disabled={collect.isPending}
        title={`pawl gc${how.force ? ' --force' : ''} --days ${how.days}, in ${repository.path}`}
        onClick={() => (how.force && !sure ? setSure(true) : collect.mutate())}
      >
        {sure ? `Really: ${label}` : label}
      </button>
    </>
  );
}
