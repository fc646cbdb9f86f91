import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Timeline as Told } from '../../../wire.ts';
import { get } from '../data/api.ts';
import { queries } from '../data/queries.ts';
import { useNow } from '../parts/time.tsx';
import { Timeline } from '../parts/timeline.tsx';

interface ToldTimelineProps {
  readonly run: string;
  readonly seq: number;
  readonly live: boolean;
  readonly onOpen: (step: string) => void;
}

/** The timeline of a run; of one that goes on its end is now. */
export default function ToldTimeline({ run, seq, live, onOpen }: ToldTimelineProps) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['timeline', run],
    queryFn: ({ pageParam, signal }) => get<Told>(`/api/runs/${run}/timeline`, { from: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  });
  // What is shown is asked for again, no more.
  useEffect(() => void queries.invalidateQueries({ queryKey: ['timeline', run] }), [run, seq]);
  const now = useNow(live);
  const newest = data?.pages.at(-1);
  if (!data || !newest) return <p className="dim">Loading…</p>;
  const entries = data.pages.flatMap((page) => page.entries);
  const until = live ? Math.max(now, newest.until) : newest.until;
  return (
    <>
      <Timeline timeline={{ ...newest, entries, until }} onOpen={onOpen} />
      {hasNextPage ? (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More steps
        </button>
      ) : null}
    </>
  );
}
