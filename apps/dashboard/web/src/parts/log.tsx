import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { LogPiece } from '../../../wire.ts';
import { get, type Query } from '../data/api.ts';
import { bytes } from './figures.ts';

interface LogProps {
  readonly path: string;
  readonly query: Query;
  /** It may grow: its end is looked at again. */
  readonly live?: boolean;
}

/** The end of a file first; what is before it when it is asked for. */
export function Log({ path, query, live = false }: LogProps) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    // What it has grown by at the last is read too: where it ends to be live, it is another question.
    queryKey: ['log', path, query, live],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => get<LogPiece>(path, { ...query, at: pageParam, back: 1 }, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last: LogPiece) => (last.from > 0 ? last.from : undefined),
    // An attempt that has just begun has none yet: it is asked for again, too.
    refetchInterval: ({ state }) => (live && (state.data?.pages.length ?? 1) === 1 ? 2000 : false),
  });
  if (error && !live) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="empty">Reading…</p>;
  const pieces = data.pages.toReversed();
  const [oldest] = pieces;
  if (oldest === undefined || oldest.size === 0) return <p className="empty">It is empty.</p>;
  return (
    <div className="log">
      {hasNextPage ? (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Earlier ({bytes(oldest.from)} more)
        </button>
      ) : null}
      <pre tabIndex={0}>{pieces.map(({ text }) => text).join('')}</pre>
    </div>
  );
}
