import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Acted, Action, ApplyHow, ApplyPreview, Offer } from '../../../wire.ts';
import { ApiError, get, send } from '../data/api.ts';
import { me, queries } from '../data/queries.ts';
import { Command } from '../parts/command.tsx';

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
  readonly action: Action;
  readonly label: string;
  readonly command: string;
  readonly main?: boolean;
  readonly danger?: boolean;
  readonly refused?: string | undefined;
}

/** A button that says what became of it, with its command beside it. One that stops something asks once more. */
export function ActionButton({ run, action, label, command, main, danger, refused }: ActionButtonProps) {
  const may = useMayAct();
  const act = useAct(run);
  const [sure, setSure] = useState(false);
  const press = (): void => {
    if (danger && !sure) setSure(true);
    else {
      setSure(false);
      act.mutate(action);
    }
  };
  return (
    <span className="action">
      <button
        type="button"
        className={danger ? 'danger' : main ? 'main' : ''}
        disabled={!may || act.isPending || refused !== undefined}
        title={refused ?? command}
        onClick={press}
        onBlur={() => setSure(false)}
      >
        {sure ? `Really: ${label}` : label}
      </button>
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
  readonly comment: string;
  readonly onComment: (text: string) => void;
  /** What was said of lines of the diff: it goes with the comment. */
  readonly lines: string;
}

/** Approve, or have it done again with what was said. */
export function AnswerForm({ run, step, comment: own, onComment, lines }: AnswerProps) {
  const comment = [own.trim(), lines].filter(Boolean).join('\n');
  const may = useMayAct();
  const act = useAct(run);
  const said = comment.trim() === '' ? {} : { comment };
  const quoted =
    comment.trim() === '' ? '' : ` --comment "${comment.trim().split('\n', 1)[0]}${comment.includes('\n') ? '…' : ''}"`;
  return (
    <form className="answer" onSubmit={(event) => event.preventDefault()}>
      <label>
        Comment <small className="dim">(the agent is told, when it is to be done again)</small>
        <textarea rows={3} value={own} onChange={(event) => onComment(event.target.value)} />
      </label>
      {lines === '' ? null : <pre className="text short">{lines}</pre>}
      <div className="row">
        <button
          type="button"
          className="main"
          disabled={!may || act.isPending}
          onClick={() => act.mutate({ action: 'approve', step, ...said })}
        >
          Approve
        </button>
        <button
          type="button"
          disabled={!may || act.isPending}
          onClick={() => act.mutate({ action: 'reject', step, ...said })}
        >
          Do it again
        </button>
        <Told act={act} />
      </div>
      <small className="dim">On the command line:</small> <Command text={`pawl approve ${run} --step ${step}`} />{' '}
      <Command text={`pawl reject ${run} --step ${step}${quoted}`} />
    </form>
  );
}

/** The buttons of a run; what needs more than a press opens a form. */
export function Offers({
  run,
  offers,
  step,
}: {
  readonly run: string;
  readonly offers: readonly Offer[];
  readonly step: string | undefined;
}) {
  const [open, setOpen] = useState<'replay' | 'apply'>();
  const simple = offers.filter(({ action }) => action === 'resume' || action === 'pause' || action === 'abort');
  const has = (action: Offer['action']) => offers.find((offer) => offer.action === action);
  const apply = has('apply');
  return (
    <>
      <div className="row">
        {simple.map(({ action, label, command, refused }) => (
          <ActionButton
            key={action}
            run={run}
            action={{ action } as Action}
            label={label}
            command={command}
            danger={action === 'abort'}
            main={action === 'resume'}
            refused={refused}
          />
        ))}
        {apply ? (
          <button
            type="button"
            className="main"
            disabled={apply.refused !== undefined}
            title={apply.refused}
            onClick={() => setOpen(open === 'apply' ? undefined : 'apply')}
            aria-expanded={open === 'apply'}
          >
            Apply…
          </button>
        ) : null}
        {has('replay') ? (
          <button
            type="button"
            onClick={() => setOpen(open === 'replay' ? undefined : 'replay')}
            aria-expanded={open === 'replay'}
            disabled={step === undefined}
            title={step === undefined ? 'Choose a step first' : undefined}
          >
            Replay from here…
          </button>
        ) : null}
        {simple.map(({ command, action }) => (
          <Command key={action} text={command} />
        ))}
      </div>
      {open === 'apply' ? <ApplyForm run={run} /> : null}
      {open === 'replay' && step !== undefined ? <ReplayForm run={run} step={step} /> : null}
    </>
  );
}

function ReplayForm({ run, step }: { readonly run: string; readonly step: string }) {
  const [agent, setAgent] = useState('');
  const [prompt, setPrompt] = useState('');
  const may = useMayAct();
  const act = useAct(run);
  const action: Action = { action: 'replay', step, ...(agent !== '' && { agent }), ...(prompt !== '' && { prompt }) };
  return (
    <form className="panel" onSubmit={(event) => event.preventDefault()}>
      <p>
        A new run begins before <strong>{step}</strong>; this one stays as it is.
      </p>
      <label>
        Another agent <input value={agent} onChange={(event) => setAgent(event.target.value)} placeholder="as before" />
      </label>
      <label>
        Another prompt{' '}
        <textarea rows={4} value={prompt} onChange={(event) => setPrompt(event.target.value)} placeholder="as before" />
      </label>
      <div className="row">
        <button type="button" className="main" disabled={!may || act.isPending} onClick={() => act.mutate(action)}>
          Replay
        </button>
        <Command text={`pawl replay ${run} --from-step ${step}${agent === '' ? '' : ` --agent ${agent}`}`} />
        <Told act={act} />
      </div>
    </form>
  );
}

function ApplyForm({ run }: { readonly run: string }) {
  const [how, setHow] = useState<ApplyHow>('merge');
  const { data, error } = useQuery({
    queryKey: ['apply', run, how],
    queryFn: ({ signal }) => get<ApplyPreview>(`/api/runs/${run}/apply`, { how }, signal),
    staleTime: 0,
  });
  const refused = data?.alreadyApplied
    ? 'it is applied already'
    : data && data.conflicts.length + data.blockedBy.length > 0
      ? 'see what stands in its way'
      : undefined;
  return (
    <div className="panel">
      <label>
        How{' '}
        <select value={how} onChange={(event) => setHow(event.target.value as ApplyHow)}>
          <option value="merge">forward, or merged</option>
          <option value="squash">as one commit</option>
          <option value="rebase">each commit again, on top</option>
        </select>
      </label>
      {error ? <p role="alert">{error.message}</p> : null}
      {data ? (
        <>
          <p>
            {data.commits.length} commits onto <code>{data.branch}</code> ({data.kind}): {data.files.length} files{' '}
            <span className="good">+{data.insertions}</span> <span className="bad">−{data.deletions}</span>
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
              action={{ action: 'apply', how }}
              label="Apply"
              command={data.command}
              main
              refused={refused}
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
