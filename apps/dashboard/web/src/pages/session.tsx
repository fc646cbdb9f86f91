import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Acted, SessionPage as Page, SessionAction, SessionRow } from '../../../wire.ts';
import { get, send } from '../data/api.ts';
import { me, queries } from '../data/queries.ts';
import { Command } from '../parts/command.tsx';
import { Conversation } from '../parts/conversation.tsx';
import { RunLink } from '../parts/run-link.tsx';
import { SessionTable } from '../parts/session-table.tsx';
import { When } from '../parts/time.tsx';

const sessionPage = (id: string) =>
  queryOptions({ queryKey: ['session', id], queryFn: () => get<Page>(`/api/sessions/${id}`) });

/** One conversation: what it is of, its forks, and all that was said. */
export function SessionPage() {
  const { session: id = '' } = useParams({ strict: false }) as { readonly session?: string };
  const { data, error } = useQuery(sessionPage(id));
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return null;
  const { session, parent, forks, commands } = data;
  return (
    <>
      <Head session={session} />
      <Facts session={session} />
      <p className="filters">
        {commands.map(({ label, command }) => (
          <span key={label}>
            <small className="dim">{label}</small> <Command text={command} />
          </span>
        ))}
        <a href={`/api/sessions/${id}/export`} download>
          Export
        </a>
      </p>
      {parent || forks.length > 0 ? (
        <section className="panel">
          <h2>{parent ? 'A fork of' : 'Forks'}</h2>
          {parent ? <SessionTable sessions={[parent]} /> : null}
          {parent && forks.length > 0 ? <h3>Its own forks</h3> : null}
          <SessionTable sessions={forks} />
        </section>
      ) : null}
      <Conversation path={`/api/sessions/${id}/messages`} />
    </>
  );
}

function Head({ session }: { readonly session: SessionRow }) {
  return (
    <div className="title">
      <h1>{session.title || session.id}</h1>
      {session.archived ? <span className="tag">archived</span> : null}
      <span className="space" />
      <Actions session={session} />
      <Link to="/sessions">All sessions</Link>
    </div>
  );
}

function Facts({ session }: { readonly session: SessionRow }) {
  const { agent, provider, model, nativeId, repository, run, step, turns, cost, createdAt, lastUsedAt } = session;
  return (
    <dl className="facts wide">
      <div>
        <dt>Agent</dt>
        <dd>{agent ?? provider}</dd>
        <small className="dim">{model}</small>
      </div>
      <div>
        <dt>{provider} calls it</dt>
        <dd>
          <code className="path">{nativeId}</code>
        </dd>
      </div>
      <div>
        <dt>Of</dt>
        <dd>{run === undefined ? 'no run' : <RunLink run={run}>{step ?? run}</RunLink>}</dd>
        <small className="dim">{repository?.name}</small>
      </div>
      <div>
        <dt>Turns and cost</dt>
        <dd className="number">
          {turns} · {cost.text}
        </dd>
      </div>
      <div>
        <dt>Begun, last used</dt>
        <dd>
          <When at={createdAt} />, <When at={lastUsedAt} />
        </dd>
      </div>
    </dl>
  );
}

function Actions({ session: { id, title, tags, archived } }: { readonly session: SessionRow }) {
  const { data: user } = useQuery(me);
  const navigate = useNavigate();
  const [open, setOpen] = useState<'rename' | 'tag' | 'fork'>();
  const act = useMutation({
    mutationFn: (action: SessionAction) => send<Acted>(`/api/sessions/${id}/actions`, action),
    onSuccess: ({ run }) => {
      setOpen(undefined);
      for (const key of ['session', 'sessions']) void queries.invalidateQueries({ queryKey: [key] });
      // A fork answers with the session that came of it.
      if (run !== undefined) void navigate({ to: '/sessions/$session', params: { session: run } });
    },
  });
  if (!user || user.readOnly || user.role !== 'operator') return null;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    if (text === '') return;
    if (open === 'rename') act.mutate({ action: 'rename', title: text });
    if (open === 'tag') act.mutate({ action: 'tag', tag: text });
    if (open === 'fork') act.mutate({ action: 'fork', prompt: text });
  };
  const labels = { rename: 'Title', tag: 'Tag', fork: 'What the fork is to do' } as const;
  return (
    <>
      {tags.map((tag) => (
        <button key={tag} type="button" className="tag" onClick={() => act.mutate({ action: 'untag', tag })}>
          {tag} <span aria-hidden="true">×</span>
          <span className="unseen">take the tag away</span>
        </button>
      ))}
      {open === undefined ? null : (
        <form className="filters" onSubmit={submit}>
          <label>
            <span className="unseen">{labels[open]}</span>
            <input name="text" placeholder={labels[open]} defaultValue={open === 'rename' ? title : ''} />
          </label>
          <button type="submit" className="main" disabled={act.isPending}>
            {open}
          </button>
          <button type="button" onClick={() => setOpen(undefined)}>
            Never mind
          </button>
        </form>
      )}
      {act.error ? <span role="alert">{act.error.message}</span> : null}
      <button type="button" onClick={() => setOpen('rename')}>
        Rename
      </button>
      <button type="button" onClick={() => setOpen('tag')}>
        Tag
      </button>
      <button type="button" onClick={() => setOpen('fork')}>
        Fork
      </button>
      <button type="button" onClick={() => act.mutate({ action: archived ? 'unarchive' : 'archive' })}>
        {archived ? 'Take back from the archive' : 'Archive'}
      </button>
    </>
  );
}
