import type { ReactNode } from 'react';

interface RunLinkProps {
  readonly run: string;
  readonly step?: string;
  readonly children: ReactNode;
}

/** To a run, or to one of its steps. */
export function RunLink({ run, step, children }: RunLinkProps) {
  const search = step === undefined ? '' : `?${new URLSearchParams({ step })}`;
  return <a href={`/runs/${run}${search}`}>{children}</a>;
}
