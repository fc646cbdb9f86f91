import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Acted, Action, ApplyHow, ApplyPreview, Offer } from '../../../wire.ts';
import { ApiError, get, send } from '../data/api.ts';
import { me, queries } from '../data/queries.ts';
import { Command } from '../parts/command.tsx';
import { withOption } from '../parts/with-option.ts';

/** Whether this user may act here. */
export function useMayAct(): boolean {
  const { data } = useQuery(me);
  return data !== undefined && !data.readOnly && data.role === 'operator';
}

export function useAct(run: string) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (action: Action) => send<Acted>(`/api/runs/${run}/actions`, action),
    onSuccess: (acted) => {
      void queries.invalidateQueries({ queryKey: ['run', run] });
      for (const key of ['needs', 'runs', 'checkpoints']) void queries.invalidateQueries({ queryKey: [key] });
      if (acted.run !== undefined && acted.run !== run) void navigate({ to: '/runs/$run', params: { run: acted.run } });
    },
  });
}

interface ActionButtonProps {
  readonly run: string;
  readonly offer: Pick<Offer, 'request' | 'label' | 'command' | 'refused'>;
}

const stops = new Set<Action['action']>(['abort', 'abort-step']);
const goes = new Set<Action['action']>(['resume', 'apply']);

/** A button that says what became of it. One that stops something asks once more, and why. */
export function ActionButton({ run, offer: { request, label, command, refused } }: ActionButtonProps) {
  const may = useMayAct();
  const act = useAct(run);
  const [reason, setReason] = useState<string>();
  const danger = stops.has(request.action);
  const sure = reason !== undefined;
  const press = (): void => {
    if (danger && !sure) setReason('');
    else {
      setReason(undefined);
      act.mutate(reason ? ({ ...request, reason } as Action) : request);
    }
  };
  return (
    <span className="action">
      <button
        type="button"
        className={danger ? 'danger' : goes.has(request.action) ? 'main' : ''}
        disabled={!may || act.isPending || refused !== undefined}
        title={refused ?? command}
        onClick={press}
      >
        {sure ? `Really: ${label}` : label}
      </button>
      {sure ? (
        <>
          <label>
            <span className="unseen">Reason</span>
            <input placeholder="why, if you like" value={reason} onChange={(event) => setReason(event.target.value)} />
          </label>
          <button type="button" onClick={() => setReason(undefined)}>
            Never mind
          </button>
        </>
      ) : null}
      <Told act={act} />
    </span>
  );
}

export function Told({
  act,
}: {
  readonly act: { readonly data?: Acted | undefined; readonly error: Error | null; readonly isPending: boolean };
}): ReactNode {
  const { data, error, isPending } = act;
  if (isPending) return <small role="status">…</small>;
  if (error)
    return (
      <small role="alert">
        {error.message}
        {error instanceof ApiError && error.hint ? <Command text={error.hint} /> : null}
      </small>
    );
  return data ? (
    <small className="good" role="status">
      {data.text}
    </small>
  ) : null;
}

interface AnswerProps {
  readonly run: string;
  readonly step: string;
  readonly offers: readonly Offer[];
  readonly comment: string;
  readonly onComment: (text: string) => void;
  /** What was said of lines of the diff: it goes with the comment. */
  readonly lines: string;
}

/** Approve what is shown, or what was changed by hand, or have it done again with what was said. */
export function AnswerForm({ run, step, offers, comment: own, onComment, lines }: AnswerProps) {
  const comment = [own.trim(), lines].filter(Boolean).join('\n');
  const may = useMayAct();
  const act = useAct(run);
  const answers = offers.filter(({ action, step: of }) => of === step && (action === 'approve' || action === 'reject'));
  return (
    <form className="answer" onSubmit={(event) => event.preventDefault()}>
      <label>
        Comment <small className="dim">(the agent is told, when it is to be done again)</small>
        <textarea rows={3} value={own} onChange={(event) => onComment(event.target.value)} />
      </label>
      {lines === '' ? null : <pre className="text short">{lines}</pre>}
      <div className="row">
        {answers.map(({ label, request, command }, index) => (
          <button
            key={label}
            type="button"
            className={index === 0 ? 'main' : ''}
            disabled={!may || act.isPending}
            title={command}
            onClick={() => act.mutate(comment === '' ? request : ({ ...request, comment } as Action))}
          >
            {label}
          </button>
        ))}
        <Told act={act} />
      </div>
      <small className="dim">On the command line:</small>{' '}
      {answers.map(({ label, command }) => (
        <Command key={label} text={withOption(command, 'comment', comment)} />
      ))}
    </form>
  );
}

/** The buttons of a run; what needs more than a press opens a form. */
export function Offers({ run, offers }: { readonly run: string; readonly offers: readonly Offer[] }) {
  const [open, setOpen] = useState(false);
  const simple = offers.filter(({ action }) => plain.has(action));
  const apply = offers.find(({ action }) => action === 'apply');
  return (
    <>
      <div className="row">
        {simple.map((offer) => (
          <ActionButton key={offer.action} run={run} offer={offer} />
        ))}
        {apply ? (
          <button
            type="button"
            className="main"
            disabled={apply.refused !== undefined}
            title={apply.refused}
            onClick={() => setOpen(!open)}
            aria-expanded={open}
          >
            Apply…
          </button>
        ) : null}
        {simple.map(({ command, action }) => (
          <Command key={action} text={command} />
        ))}
      </div>
      {open && apply ? <ApplyForm run={run} /> : null}
    </>
  );
}

export const plain = new Set<Action['action']>(['resume', 'pause', 'unpause', 'abort']);

/** The buttons of a step. */
export function StepOffers({
  run,
  offers,
  prompt,
}: {
  readonly run: string;
  readonly offers: readonly Offer[];
  /** As it stands in the workflow. */
  readonly prompt: string | undefined;
}) {
  const [open, setOpen] = useState(false);
  const replay = offers.find(({ action }) => action === 'replay');
  const abort = offers.find(({ action }) => action === 'abort-step');
  return (
    <>
      {abort ? <ActionButton run={run} offer={abort} /> : null}
      {replay ? (
        <button type="button" onClick={() => setOpen(!open)} aria-expanded={open}>
          Replay from here…
        </button>
      ) : null}
      {abort ? <Command text={abort.command} /> : null}
      {open && replay ? <ReplayForm run={run} offer={replay} prompt={prompt} /> : null}
    </>
  );
}

interface ReplayProps {
  readonly run: string;
  readonly offer: Offer;
  readonly prompt: string | undefined;
}

/** Another agent, and the prompt to be edited; left as they are, they stay. */
function ReplayForm({ run, offer, prompt: before = '' }: ReplayProps) {
  const [agent, setAgent] = useState('');
  const [prompt, setPrompt] = useState(before);
  const may = useMayAct();
  const act = useAct(run);
  const edited = prompt.trim() !== '' && prompt !== before;
  const action = {
    ...offer.request,
    ...(agent.trim() !== '' && { agent: agent.trim() }),
    ...(edited && { prompt }),
  } as Action;
  const command = withOption(withOption(offer.command, 'agent', agent), 'edit-prompt', edited ? 'prompt.md' : '');
  return (
    <form className="panel" onSubmit={(event) => event.preventDefault()}>
      <p>
        A new run begins before <strong>{offer.step}</strong>; this one stays as it is.
      </p>
      <label>
        Another agent <input value={agent} onChange={(event) => setAgent(event.target.value)} placeholder="as before" />
      </label>
      <label>
        Its prompt <textarea rows={6} value={prompt} onChange={(event) => setPrompt(event.target.value)} />
      </label>
      <div className="row">
        <button type="button" className="main" disabled={!may || act.isPending} onClick={() => act.mutate(action)}>
          Replay
        </button>
        <Command text={command} />
        <Told act={act} />
      </div>
    </form>
  );
}

function ApplyForm({ run }: { readonly run: string }) {
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
