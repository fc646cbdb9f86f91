import { lazy, Suspense } from 'react';
import type { PlanPage, PlanStep } from '../../../wire.ts';
import { Command } from './command.tsx';

const WorkflowGraph = lazy(async () => ({ default: (await import('../graph/workflow-graph.tsx')).WorkflowGraph }));

/** A plan as it was resolved: agents, limits, and each step with its gates and what follows a failure. */
export function Plan({ plan }: { readonly plan: PlanPage }) {
  const { workflow, base, limits, agents, steps, notes, settings, command } = plan;
  return (
    <section className="panel" aria-label="Plan">
      <div className="title">
        <h2>{workflow.name}</h2>
        <small className="dim">{workflow.source}</small>
        <span className="space" />
        <Command text={command} />
      </div>
      {workflow.description === undefined ? null : <p>{workflow.description}</p>}
      {notes.map((note) => (
        <p key={note} className="warn">
          {note}
        </p>
      ))}
      <p className="dim">
        From <code>{base.commit.slice(0, 12)}</code>
        {base.branch === undefined ? '' : ` of ${base.branch}`} · {limits}
      </p>
      <p>
        {agents.map(({ name, provider, model, options }) => (
          <span key={name} className="tag" title={options}>
            {name}: {provider} {model}
          </span>
        ))}
      </p>
      <Suspense fallback={<p className="empty">Drawing…</p>}>
        <WorkflowGraph steps={steps} />
      </Suspense>
      <h3>Steps</h3>
      <Steps steps={steps} />
      {settings.length > 0 ? (
        <details>
          <summary>Settings of the repository</summary>
          <dl className="settings">
            {settings.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <code className="path">{value}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  );
}

function Steps({ steps }: { readonly steps: readonly PlanStep[] }) {
  return (
    <ol className="plan">
      {steps.map((step) => (
        <li key={step.address}>
          <strong>{step.name}</strong> <span className="dim">{wordsOf(step).join(' · ')}</span>
          {step.prompt === undefined ? null : (
            <details>
              <summary className="dim">Prompt</summary>
              <pre className="words">{step.prompt}</pre>
            </details>
          )}
          {step.gates.length > 0 ? (
            <p className="dim">
              {step.gates.map(({ name, text }) => (text === '' ? name : `${name}: ${text}`)).join(' · ')}
            </p>
          ) : null}
          {step.steps.length > 0 ? <Steps steps={step.steps} /> : null}
        </li>
      ))}
    </ol>
  );
}

function wordsOf({ kind, agent, access, session, retry, when, asks, parallel, each }: PlanStep): readonly string[] {
  const given = (label: string, value: string | undefined) => (value === undefined ? [] : [`${label}${value}`]);
  return [
    kind,
    ...given('', agent),
    ...given('', access),
    ...given('session ', session),
    ...(each ? ['for each task'] : []),
    ...(parallel ? ['side by side'] : []),
    ...given('', retry),
    ...given('when ', when),
    ...(asks === undefined ? [] : [asks === 'before_gate' ? 'asks before its gates' : 'asks after its gates']),
  ];
}
