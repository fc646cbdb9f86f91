import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Attempt, Gate, RunPage } from '../../../wire.ts';
import { stepPage } from '../data/queries.ts';
import type { RunSearch } from '../pages/run.tsx';
import { asText } from '../parts/comments.ts';
import { Conversation } from '../parts/conversation.tsx';
import type { LineComment } from '../parts/diff.tsx';
import { Log } from '../parts/log.tsx';
import { Status } from '../parts/status.tsx';
import { duration, Elapsed } from '../parts/time.tsx';
import { AnswerForm, StepOffers } from './actions.tsx';
import { StateView, WhyView } from './facts.tsx';
import { ForkButton } from './fork-button.tsx';
import { Tabs } from './tabs.tsx';

const ToldDiff = lazy(() => import('./told-diff.tsx'));
const tabs = ['conversation', 'diff', 'gates', 'why', 'log', 'prompt', 'state'] as const;

const asked = {
  before_gate: 'Before its gates run',
  after_gate: 'Its gates have run',
  interrupted: 'Its turn was interrupted',
} as const;

interface StepPanelProps {
  readonly page: RunPage;
  readonly path: string;
  readonly search: RunSearch;
  readonly onGo: (next: RunSearch) => void;
}

/** One step: what it is asked or failed of, its attempts, and what each said, changed and was told. */
export function StepPanel({ page, path, search, onGo }: StepPanelProps) {
  const { seq } = page;
  const run = page.row.id;
  const { data, error } = useQuery(stepPage(run, path, seq));
  const [comment, setComment] = useState('');
  const [comments, setComments] = useState<readonly LineComment[]>([]);
  const line = page.steps.find((step) => step.path === path);
  if (line?.kind === 'task')
    return (
      <>
        <h2>{line.name}</h2>
        <p className="prose">{line.text}</p>
        <p className="dim">Its steps are below it in the tree.</p>
      </>
    );
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="dim">Loading…</p>;
  const { attempts, step } = data;
  const attempt = attempts[Number(search.attempt ?? attempts.length - 1)] ?? attempts.at(-1);
  const question = page.waiting.find((asked) => asked.step === path);
  const usual = attempt?.failure && !attempt.hasTurn ? 'gates' : attempt?.hasTurn ? 'conversation' : 'gates';
  const tab = tabs.find((one) => one === search.tab) ?? usual;
  const choose = (next: string): void =>
    onGo({ ...(search.attempt !== undefined && { attempt: search.attempt }), tab: next });
  const query = { path, ...(attempt && { index: attempt.index }) };
  return (
    <>
      <div className="row">
        <h2>
          <Status of={step.status} /> {path}
        </h2>
        <span className="tag">{step.kind}</span>
        <span className="number dim">{step.figures.cost.text}</span>
        <span className="dim">
          <Elapsed
            from={step.startedAt}
            to={step.endedAt ?? (step.status === 'running' ? undefined : step.startedAt)}
          />
        </span>
        <StepOffers run={run} offers={data.offers} prompt={data.prompt} />
      </div>
      {question ? (
        <div className="question">
          <strong>{asked[question.question]}: shall it go on?</strong>
          <AnswerForm
            run={run}
            step={path}
            offers={page.offers}
            comment={comment}
            onComment={setComment}
            lines={asText(comments)}
            onAnswered={() => {
              setComment('');
              setComments([]);
            }}
          />
        </div>
      ) : null}
      {attempts.length > 0 ? (
        <Attempts attempts={attempts} chosen={attempt} onChoose={(index) => onGo({ attempt: String(index), tab })} />
      ) : (
        <p className="dim">It has not begun.</p>
      )}
      {attempt?.failure ? (
        <div className="failure">
          <strong>{attempt.failure.message}</strong>
          {attempt.failure.text === attempt.failure.message ? null : (
            <pre className="text short">{attempt.failure.text}</pre>
          )}
        </div>
      ) : null}
      {attempt ? (
        <>
          <Tabs of={tabs} chosen={tab} label="Of the attempt" onChoose={choose} />
          {tab === 'conversation' ? (
            attempt.hasTurn ? (
              <Conversation
                key={`${path} ${attempt.index} ${attempt.agentEnd}`}
                path={`/api/runs/${run}/conversation`}
                query={query}
              />
            ) : (
              <p className="dim">No agent worked in this attempt.</p>
            )
          ) : null}
          {tab === 'diff' ? (
            <Suspense fallback={<p className="dim">Loading…</p>}>
              <AttemptDiff
                run={run}
                path={path}
                attempt={attempt}
                attempts={attempts}
                comments={question && comments}
                onComment={question && ((one) => setComments([...comments, one]))}
              />
            </Suspense>
          ) : null}
          {tab === 'gates' ? <Gates run={run} path={path} index={attempt.index} gates={attempt.gates} /> : null}
          {tab === 'log' ? (
            <Log
              key={`native ${attempt.index}`}
              path={`/api/runs/${run}/log`}
              query={{ ...query, of: 'native' }}
              live={attempt.status === 'running'}
            />
          ) : null}
          {tab === 'prompt' ? (
            <Log
              key={`prompt ${attempt.index}`}
              path={`/api/runs/${run}/log`}
              query={{ ...query, of: 'prompt' }}
              live={attempt.status === 'running'}
            />
          ) : null}
          {tab === 'why' ? <WhyView run={run} seq={seq} path={path} /> : null}
          {tab === 'state' ? <StateView run={run} seq={seq} path={path} /> : null}
        </>
      ) : null}
    </>
  );
}

interface AttemptsProps {
  readonly attempts: readonly Attempt[];
  readonly chosen: Attempt | undefined;
  readonly onChoose: (index: number) => void;
}

function Attempts({ attempts, chosen, onChoose }: AttemptsProps) {
  return (
    <nav className="attempts" aria-label="Attempts">
      {attempts.map((attempt) => (
        <button
          key={attempt.index}
          type="button"
          aria-pressed={attempt === chosen}
          onClick={() => onChoose(attempt.index)}
        >
          <Status of={attempt.status} bare /> {attempt.attempt}
          <small className="dim">
            {' '}
            {attempt.escalatedFrom === undefined ? '' : '↑ '}
            {attempt.agent ?? ''} {attempt.sessionUse?.mode === 'kept' ? 'same session' : ''}{' '}
            {attempt.figures.cost.text === '$0.00' ? '' : attempt.figures.cost.text}
          </small>
        </button>
      ))}
      {chosen?.session?.known ? (
        <>
          <a href={`/sessions/${chosen.session.known}`}>its session</a> <ForkButton session={chosen.session.known} />
        </>
      ) : null}
    </nav>
  );
}

interface AttemptDiffProps {
  readonly run: string;
  readonly path: string;
  readonly attempt: Attempt;
  readonly attempts: readonly Attempt[];
  readonly comments: readonly LineComment[] | undefined;
  readonly onComment: ((comment: LineComment) => void) | undefined;
}

function AttemptDiff({ run, path, attempt, attempts, comments, onComment }: AttemptDiffProps) {
  const [against, setAgainst] = useState('');
  const others = attempts.filter((one) => one !== attempt && one.checkpoint !== undefined);
  return (
    <>
      {others.length > 0 && attempt.checkpoint !== undefined ? (
        <label>
          Against{' '}
          <select value={against} onChange={(event) => setAgainst(event.target.value)}>
            <option value="">the state before the step</option>
            {others.map((one) => (
              <option key={one.index} value={one.index}>
                attempt {one.attempt}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <ToldDiff
        run={run}
        query={{ path, index: attempt.index, against: against === '' ? undefined : against, at: attempt.checkpoint }}
        comments={comments}
        onComment={onComment}
      />
    </>
  );
}

function Gates({
  run,
  path,
  index,
  gates,
}: {
  readonly run: string;
  readonly path: string;
  readonly index: number;
  readonly gates: readonly Gate[];
}) {
  if (gates.length === 0) return <p className="dim">No gate has run.</p>;
  return gates.map((gate) => (
    <details key={gate.name} className="gate" open={gate.status === 'failed'}>
      <summary>
        <Status of={gate.status} /> <strong>{gate.name}</strong> <span className="dim">{gate.kind}</span>{' '}
        {gate.durationMs === undefined ? null : <span className="dim number">{duration(gate.durationMs)}</span>}{' '}
        {gate.exitCode === undefined ? null : <span className="dim">exit {gate.exitCode}</span>}
      </summary>
      {gate.command ? <pre className="text short">$ {gate.command}</pre> : null}
      {gate.message ? <pre className="text short">{gate.message}</pre> : null}
      {gate.hasLog ? (
        <Log
          path={`/api/runs/${run}/log`}
          query={{ path, index, of: 'gate', gate: gate.name }}
          live={gate.status === 'running'}
        />
      ) : null}
    </details>
  ));
}
