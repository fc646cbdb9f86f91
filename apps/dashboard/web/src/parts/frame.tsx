import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../data/api.ts';
import { useLive } from '../data/live.ts';
import { me, needs } from '../data/queries.ts';
import { Palette } from './palette.tsx';
import { SignIn } from './sign-in.tsx';
import { applyTheme, nextTheme, theme } from './theme.ts';

/** The pages that the head leads to. */
const places = [
  { to: '/', label: 'Runs' },
  { to: '/needs', label: 'Needs you' },
  { to: '/start', label: 'Start' },
  { to: '/sessions', label: 'Sessions' },
  { to: '/workflows', label: 'Workflows' },
  { to: '/worktrees', label: 'Worktrees' },
  { to: '/compare', label: 'Compare' },
  { to: '/analytics', label: 'Analytics' },
  { to: '/audit', label: 'Audit' },
] as const;

export function Frame() {
  const { data: user, error } = useQuery(me);
  const { run } = useParams({ strict: false }) as { readonly run?: string };
  const connection = useLive(run, user !== undefined);
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (error instanceof ApiError && error.status === 401) return <SignIn hint={error.hint} />;
  if (error) return <p className="empty">The dashboard does not answer: {error.message}</p>;
  if (!user) return null;
  return (
    <>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <header className="head">
        <Link to="/" className="brand" aria-label="pawl: all runs">
          <img src="/pawl.svg" alt="" width="20" height="20" /> pawl
        </Link>
        <nav aria-label="Pages">
          {places.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/' }}
              aria-current={path === to ? 'page' : undefined}
            >
              {label}
            </Link>
          ))}
        </nav>
        <span className="space" />
        <NeedsBadge />
        <span className={`connection ${connection}`} role="status">
          {connection === 'live' ? 'live' : 'connecting…'}
        </span>
        {user.readOnly || user.role === 'viewer' ? <span className="tag">read-only</span> : null}
        <ThemeButton />
      </header>
      <Palette places={places} />
      <main id="page" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

function NeedsBadge() {
  const { data } = useQuery(needs);
  const count = data?.needs.length ?? 0;
  if (count === 0) return null;
  return (
    <Link to="/needs" className="badge">
      {count} need you
    </Link>
  );
}

function ThemeButton() {
  const [chosen, choose] = useState(theme);
  const change = (): void => {
    const next = nextTheme(chosen);
    applyTheme(next);
    choose(next);
  };
  return (
    <button type="button" className="quiet" onClick={change} title="Dark, light, or as the system has it">
      {chosen}
    </button>
  );
}
