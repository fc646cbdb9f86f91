import { Link } from '@tanstack/react-router';
import type { SessionRow } from '../../../wire.ts';
import { RunLink } from './run-link.tsx';
import { When } from './time.tsx';

export function SessionTable({ sessions }: { readonly sessions: readonly SessionRow[] }) {
  if (sessions.length === 0) return null;
  return (
    <div className="scroll" tabIndex={0}>
      <table className="cards">
        <thead>
          <tr>
            <th>Session</th>
            <th>Agent</th>
            <th>Run and step</th>
            <th className="right">Turns</th>
            <th className="right">Cost</th>
            <th>Last used</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Line key={session.id} session={session} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ session }: { readonly session: SessionRow }) {
  const { id, title, excerpt, tags, provider, agent, model, repository, run, step, parent, archived } = session;
  return (
    <tr>
      <td className="wide">
        <Link to="/sessions/$session" params={{ session: id }}>
          {title || id}
        </Link>{' '}
        {parent === undefined ? null : <span className="tag">fork</span>}{' '}
        {tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}{' '}
        {archived ? <span className="tag">archived</span> : null}
        {excerpt === undefined ? null : (
          <>
            <br />
            <small className="dim path">{excerpt}</small>
          </>
        )}
      </td>
      <td data-label="Agent">
        {agent ?? provider}
        <br />
        <small className="dim">{model ?? provider}</small>
      </td>
      <td className="broad" data-label="Run and step">
        {run === undefined ? (
          <span className="dim">by itself</span>
        ) : (
          <RunLink run={run} {...(step !== undefined && { step })}>
            {step ?? run}
          </RunLink>
        )}
        <br />
        <small className="dim">{repository?.name}</small>
      </td>
      <td className="right number" data-label="Turns">
        {session.turns}
      </td>
      <td className="right number" data-label="Cost">
        {session.cost.text}
      </td>
      <td data-label="Last used">
        <When at={session.lastUsedAt} />
      </td>
    </tr>
  );
}
