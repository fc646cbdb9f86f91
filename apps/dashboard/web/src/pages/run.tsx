import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { RunPage } from '../../../wire.ts';
import { loadSteps, runPage } from '../data/queries.ts';
import { Status } from '../parts/status.tsx';
import { duration, Elapsed, useSlowly, When } from '../parts/time.tsx';
import { Offers } from '../run/actions.tsx';
import { CheckpointView, CostView, EnvironmentView, EventsView, WhyView } from '../run/facts.tsx';
import { StepPanel } from '../run/step-panel.tsx';
import { Tabs } from '../run/tabs.tsx';
import { StepTree } from '../run/tree.tsx';

const ToldTimeline = lazy(() => import('../run/told-timeline.tsx'));
const ToldDiff = lazy(() => import('../run/told-diff.tsx'));
const RunGraph = lazy(() => import('../run/graph.tsx'));

export interface RunSearch {
  readonly step?: string;
  readonly attempt?: string;
  readonly tab?: string;
}

const tabs = ['timeline', 'graph', 'diff', 'why', 'cost', 'environment', 'saved', 'events'] as const;

export function RunPageView() {
  const { run } = useParams({ strict: false }) as { readonly run: string };
  const search = useSearch({ strict: false }) as RunSearch;
  const navigate = useNavigate();
  const { data, error } = useQuery(runPage(run));
  const [whole, setWhole] = useState(false);
  // A run that failed or waits opens where that is.
  const step = search.step ?? (whole || search.tab ? undefined : data?.focus?.step);
  const go = (next: RunSearch): void => {
    setWhole(next.step === undefined);
    void navigate({ to: '/runs/$run', params: { run }, search: next, replace: true });
  };
  const told = useSlowly(data?.seq ?? 0, 2000);
  const next = data?.next;
  useEffect(() => {
    if (next === undefined) return;
    const left = new AbortController();
    // What could not be read is asked for again with the page.
    loadSteps(run, next, left.signal).catch(() => undefined);
    return () => left.abort();
  }, [run, next]);
  useKeys(data, step, (path) => go({ step: path }));
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="dim">Loading…</p>;
  const { row, steps } = data;
  const seq = told === 0 ? data.seq : told;
  const live = row.status === 'running' || row.status === 'stopping' || row.status === 'waiting';
  const tab = tabs.find((one) => one === search.tab) ?? 'timeline';
  const shown = next !== undefined || steps.some(({ path }) => path === step) ? step : undefined;
  return (
    <div className="run-page">
      <RunHead page={data} step={shown} />
      <div className="run-body">
        <div className="side">
          <button type="button" className={`whole ${shown === undefined ? 'chosen' : ''}`} onClick={() => go({})}>
            The whole run
          </button>
          <StepTree steps={steps} chosen={shown} onChoose={(path) => go({ step: path })} />
        </div>
        <section className="main-panel" aria-label={shown === undefined ? 'The run' : `Step ${shown}`}>
          {shown === undefined ? (
            <>
              <Tabs of={tabs} chosen={tab} label="Of the run" onChoose={(next) => go({ tab: next })} />
              <Suspense fallback={<p className="dim">Loading…</p>}>
                {tab === 'timeline' ? (
                  <ToldTimeline run={run} seq={seq} live={live} onOpen={(path) => go({ step: path })} />
                ) : null}
                {tab === 'graph' ? <RunGraph steps={steps} onOpen={(path) => go({ step: path })} /> : null}
                {tab === 'diff' ? <ToldDiff run={run} query={{ seq }} /> : null}
                {tab === 'cost' ? <CostView run={run} seq={seq} /> : null}
                {tab === 'environment' ? <EnvironmentView run={run} /> : null}
                {tab === 'saved' ? <CheckpointView run={run} seq={seq} /> : null}
                {tab === 'why' ? <WhyView run={run} seq={seq} /> : null}
                {tab === 'events' ? <EventsView run={run} seq={seq} /> : null}
              </Suspense>
            </>
          ) : (
            <StepPanel
              key={shown}
              page={data}
              path={shown}
              search={search}
              onGo={(next) => go({ step: shown, ...next })}
            />
          )}
        </section>
      </div>
    </div>
  );
}

function RunHead({ page, step }: { readonly page: RunPage; readonly step: string | undefined }) {
  const { row, failure, result, base, from, warnings, offers } = page;
  const live = row.status === 'running' || row.status === 'stopping';
  return (
    <header className={`run-head ${row.status}`}>
      <div className="row">
        <h1>
          <Status of={row.status} /> {row.workflow} <span className="dim">{row.spec}</span>
        </h1>
        <span className="number">
          {live ? <Elapsed from={row.startedAt} to={row.endedAt} /> : duration(row.durationMs)}
        </span>
        <span className="number">{row.figures.cost.text}</span>
        <span className="number">{row.figures.tokens.text} tokens</span>
        <span className="number">
          {row.done.steps}/{row.done.of} steps
        </span>
        {result.files > 0 ? (
          <span className="number">
            {result.files === 1 ? '1 file' : `${result.files} files`} <span className="good">+{result.insertions}</span>{' '}
            <span className="bad">−{result.deletions}</span>
          </span>
        ) : null}
      </div>
      <p className="dim path">
        <code>{row.id}</code> · {row.repository.name} · from {base.branch ?? 'detached'}@{base.commit.slice(0, 8)} ·{' '}
        <When at={row.startedAt} />
        {result.branch ? (
          <>
            {' '}
            · <code>{result.branch}</code>
          </>
        ) : null}
        {from ? (
          <>
            {' '}
            · replays <a href={`/runs/${from.run}`}>{from.run}</a> from {from.step}
          </>
        ) : null}
      </p>
      {failure ? (
        <div className="failure">
          <strong>{failure.step === '' ? 'The run' : failure.step}</strong>: {failure.message}
          {failure.text === failure.message || step === failure.step ? null : (
            <pre className="text short">{failure.text}</pre>
          )}
        </div>
      ) : null}
      {warnings.length > 0 ? (
        <details>
          <summary className="warn">{warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}</summary>
          <ul>
            {warnings.slice(-50).map((warning) => (
              <li key={`${warning.at} ${warning.message}`}>
                {warning.step}: {warning.message}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <Offers run={row.id} offers={offers} />
    </header>
  );
}

/** `f`: to the failure, or what waits. `[` and `]`: the step before and the next one. */
function useKeys(page: RunPage | undefined, step: string | undefined, go: (path: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!page || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const at = page.steps.findIndex(({ path }) => path === step);
      const next =
        event.key === 'f'
          ? page.focus?.step
          : event.key === ']'
            ? page.steps[at + 1]?.path
            : event.key === '['
              ? page.steps[at - 1]?.path
              : undefined;
      if (next !== undefined) go(next);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
