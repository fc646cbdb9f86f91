import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Acted, Action, Offer } from '../../../wire.ts';
import { ApiError, send } from '../data/api.ts';
import { me, queries } from '../data/queries.ts';
import { Command } from '../parts/command.tsx';

/** Whether this user may act here. */
export function useMayAct(): boolean {
  const { data } = useQuery(me);
  return data !== undefined && !data.readOnly && data.role === 'operator';
}

/** `onDone`: also when what asked for it is not shown any more. */
export function useAct(run: string, onDone?: () => void) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (action: Action) => send<Acted>(`/api/runs/${run}/actions`, action),
    onSuccess: (acted) => {
      onDone?.();
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
