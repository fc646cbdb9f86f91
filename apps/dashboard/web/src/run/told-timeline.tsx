import { useQuery } from '@tanstack/react-query';
import type { Timeline as Told } from '../../../wire.ts';
import { get } from '../data/api.ts';
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
  const { data } = useQuery({
    queryKey: ['timeline', run, seq],
    queryFn: ({ signal }) => get<Told>(`/api/runs/${run}/timeline`, {}, signal),
    placeholderData: (before) => before,
  });
  const now = useNow(live);
  if (!data) return <p className="dim">Loading…</p>;
  return <Timeline timeline={live ? { ...data, until: Math.max(now, data.until) } : data} onOpen={onOpen} />;
}
