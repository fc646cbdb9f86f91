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
import { useMayAct } from '../run/acting.tsx';

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
        <Export session={id} />
        <a href={`/api/sessions/${id}/messages.ndjson`} download>
          What was said
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
      <Conversation path={`/api/sessions/${id}/messages`} query={{ of: session.messages }} numbered />
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
        <dd>
          {agent ?? provider} <small className="dim">{model}</small>
        </dd>
      </div>
      <div>
        <dt>{provider} calls it</dt>
        <dd>
          <code className="path">{nativeId}</code>
        </dd>
      </div>
      <div>
        <dt>Of</dt>
        <dd>
          {run === undefined ? 'no run' : <RunLink run={run}>{step ?? run}</RunLink>}{' '}
          <small className="dim">{repository?.name}</small>
        </dd>
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

/** All that another machine needs to go on with it; it is made when it is asked for. */
function Export({ session }: { readonly session: string }) {
  const may = useMayAct();
  return may ? (
    <a href={`/api/sessions/${session}/export`} download>
      Export
    </a>
  ) : null;
}

const labels = {
  rename: 'Rename',
  tag: 'Tag',
  fork: 'Fork',
  rewind: 'Rewind',
  resume: 'Go on with it',
  remove: 'Remove',
} as const;

type Asking = keyof typeof labels;

/** What is asked for before it is done: a text, or the number of a message. */
const forms: Readonly<Record<Asking, readonly { readonly name: string; readonly label: string }[]>> = {
  rename: [{ name: 'title', label: 'Title' }],
  tag: [{ name: 'tag', label: 'Tag' }],
  fork: [
    { name: 'title', label: 'Title of the fork' },
    { name: 'at', label: 'behind message (its number; the last by itself)' },
  ],
  rewind: [{ name: 'at', label: 'behind message (its number)' }],
  resume: [{ name: 'prompt', label: 'What it is told' }],
  remove: [],
};

function Actions({ session: { id, title, tags, archived } }: { readonly session: SessionRow }) {
  const { data: user } = useQuery(me);
  const navigate = useNavigate();
  const [open, setOpen] = useState<Asking>();
  const act = useMutation({
    mutationFn: (action: SessionAction) => send<Acted>(`/api/sessions/${id}/actions`, action),
    onSuccess: ({ session }, { action }) => {
      setOpen(undefined);
      for (const key of ['session', 'sessions']) void queries.invalidateQueries({ queryKey: [key] });
      if (session !== undefined) void navigate({ to: '/sessions/$session', params: { session } });
      else if (action === 'remove') void navigate({ to: '/sessions' });
    },
  });
  if (!user || user.readOnly || user.role !== 'operator') return null;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget)].flatMap(([name, value]) => {
      const text = String(value).trim();
      return text === '' ? [] : [[name, name === 'at' ? Number(text) : text] as const];
    });
    // The fields of the form are those of the action.
    act.mutate({ action: open, ...Object.fromEntries(given) } as unknown as SessionAction);
  };
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
          {forms[open].map(({ name, label }) => (
            <label key={name}>
              <span className="unseen">{label}</span>
              <input
                name={name}
                placeholder={label}
                inputMode={name === 'at' ? 'numeric' : 'text'}
                defaultValue={open === 'rename' ? title : ''}
              />
            </label>
          ))}
          {open === 'remove' ? <span>Its messages are gone for good; the agent’s own transcript stays.</span> : null}
          <button type="submit" className={open === 'remove' ? 'danger' : 'main'} disabled={act.isPending}>
            {open === 'remove' ? 'Really: Remove' : open === 'resume' ? 'Tell it' : `${labels[open]} it`}
          </button>
          <button type="button" onClick={() => setOpen(undefined)}>
            Never mind
          </button>
        </form>
      )}
      {act.isPending ? <span role="status">…</span> : null}
      {act.error ? <span role="alert">{act.error.message}</span> : null}
      {act.data ? (
        <span role="status" className="good">
          {act.data.text} <Command text={act.data.command} />
        </span>
      ) : null}
      {(Object.keys(labels) as readonly Asking[]).map((name) => (
        <button key={name} type="button" onClick={() => setOpen(name)}>
          {labels[name]}
        </button>
      ))}
      <button type="button" onClick={() => act.mutate({ action: archived ? 'unarchive' : 'archive' })}>
        {archived ? 'Take back from the archive' : 'Archive'}
      </button>
    </>
  );
}
