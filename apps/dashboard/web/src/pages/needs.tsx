import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Need } from '../../../wire.ts';
import { needs } from '../data/queries.ts';
import { asText } from '../parts/comments.ts';
import type { LineComment } from '../parts/diff.tsx';
import { RunLink } from '../parts/run-link.tsx';
import { Status } from '../parts/status.tsx';
import { When } from '../parts/time.tsx';
import { ActionButton } from '../run/acting.tsx';
import { AnswerForm, plain } from '../run/actions.tsx';

const ToldDiff = lazy(() => import('../run/told-diff.tsx'));
const words = {
  approval: 'asks',
  limit: 'limit',
  conflict: 'conflict',
  interrupted: 'interrupted',
  failed: 'failed',
} as const;

/** All that waits for a person, each to be answered where it stands. */
export function NeedsPage() {
  const { data, error } = useQuery(needs);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="dim">Loading…</p>;
  return (
    <>
      <h1>Needs you</h1>
      {data.needs.length === 0 ? <p className="empty">Nothing waits for you.</p> : null}
      {data.needs.map((need) => (
        <NeedCard key={`${need.run.id} ${need.step} ${need.kind}`} need={need} />
      ))}
    </>
  );
}

function NeedCard({ need }: { readonly need: Need }) {
  const { run, kind, step, attempt, since, text, detail, gates, files, offers, tree } = need;
  const [comment, setComment] = useState('');
  const [comments, setComments] = useState<readonly LineComment[]>([]);
  const asked = kind === 'approval' || undefined;
  const [open, setOpen] = useState(false);
  const simple = offers.filter(({ action }) => plain.has(action));
  return (
    <article className={`panel need-card ${kind}`}>
      <div className="row">
        <Status of={run.status} />
        <h2>
          <RunLink run={run.id} step={step}>
            {run.workflow}: {step === '' ? 'the run' : step}
          </RunLink>
        </h2>
        <span className="tag">{words[kind]}</span>
        {attempt > 1 ? <span className="tag">attempt {attempt}</span> : null}
        <span className="dim">
          {run.repository.name} · <When at={since} /> · {run.figures.cost.text}
        </span>
      </div>
      <p>{text}</p>
      {detail && detail !== text ? <pre className="text short">{detail}</pre> : null}
      {gates.length > 0 ? (
        <p>
          {gates.map((gate) => (
            <span key={gate.name} className="gate-word">
              <Status of={gate.status} bare /> {gate.name}
            </span>
          ))}
        </p>
      ) : null}
      {files.length > 0 ? (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{files.length === 1 ? '1 file changed' : `${files.length} files changed`}</summary>
          {open ? (
            <Suspense fallback={<p className="dim">Loading…</p>}>
              <ToldDiff
                run={run.id}
                query={{ path: step, at: tree }}
                comments={asked && comments}
                onComment={asked && ((one) => setComments([...comments, one]))}
              />
            </Suspense>
          ) : null}
        </details>
      ) : null}
      {kind === 'approval' ? (
        <AnswerForm
          run={run.id}
          step={step}
          offers={offers}
          comment={comment}
          onComment={setComment}
          lines={asText(comments)}
          onAnswered={() => {
            setComment('');
            setComments([]);
          }}
        />
      ) : null}
      <div className="row">
        {simple.map((offer) => (
          <ActionButton key={offer.action} run={run.id} offer={offer} />
        ))}
      </div>
    </article>
  );
}
