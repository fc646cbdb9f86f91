import { useQuery } from '@tanstack/react-query';
import type { Diff as Told } from '../../../wire.ts';
import { get, type Query } from '../data/api.ts';
import { Diff, type LineComment } from '../parts/diff.tsx';

interface ToldDiffProps {
  readonly run: string;
  readonly query: Query;
  readonly comments?: readonly LineComment[] | undefined;
  readonly onComment?: ((comment: LineComment) => void) | undefined;
}

/** What a run, or an attempt, changed. */
export default function ToldDiff({ run, query, comments, onComment }: ToldDiffProps) {
  const { data, error } = useQuery({
    queryKey: ['diff', run, query],
    queryFn: ({ signal }) => get<Told>(`/api/runs/${run}/diff`, query, signal),
  });
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="dim">Looking…</p>;
  return (
    <>
      <p className="dim">{data.title}</p>
      <Diff diff={data} {...(comments && { comments })} {...(onComment && { onComment })} />
    </>
  );
}
