import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Acted, SessionAction } from '../../../wire.ts';
import { send } from '../data/api.ts';
import { queries } from '../data/queries.ts';
import { Command } from '../parts/command.tsx';
import { Told, useMayAct } from './acting.tsx';

/** Another conversation with the same past, in a worktree of its own; the page of it opens. */
export function ForkButton({ session }: { readonly session: string }) {
  const may = useMayAct();
  const navigate = useNavigate();
  const fork = useMutation({
    mutationFn: () => send<Acted>(`/api/sessions/${session}/actions`, { action: 'fork' } satisfies SessionAction),
    onSuccess: ({ session: made }) => {
      void queries.invalidateQueries({ queryKey: ['sessions'] });
      if (made !== undefined) void navigate({ to: '/sessions/$session', params: { session: made } });
    },
  });
  const command = `pawl sessions fork ${session}`;
  return (
    <>
      <button type="button" disabled={!may || fork.isPending} title={command} onClick={() => fork.mutate()}>
        Fork its session
      </button>
      <Command text={command} />
      <Told act={fork} />
    </>
  );
}
