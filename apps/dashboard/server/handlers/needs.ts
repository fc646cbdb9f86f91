import type { Need } from '../../wire.ts';
import type { House } from '../house.ts';
import { type Answer, ok } from '../http.ts';
import { gateOf } from '../runs/attempts.ts';
import type { OpenRun } from '../runs/cache.ts';
import { isStep } from '../runs/flatten.ts';
import { offersOf } from '../runs/offers.ts';
import { attemptsOf } from '../runs/run-page.ts';

/** Of runs that ended so: how long they are still somebody's business. */
const freshMs = 24 * 60 * 60 * 1000;

/** All that waits for a person: questions, runs that lost their process, and what failed or was interrupted in the last day. */
export async function readNeeds(house: House): Promise<Answer> {
  const { runs } = house.store;
  const open = await runs.list({ status: ['running', 'stopping'], limit: 1000 });
  const ended = await runs.list({ status: ['failed', 'interrupted'], since: house.now() - freshMs, limit: 50 });
  const rows = await Promise.all([...open, ...ended].map((record) => house.runs.row(record)));
  const wanted = rows.filter((row) => row.needs > 0 || row.status === 'failed');
  const needs = await Promise.all(wanted.map(async (row) => needsOf(await house.runs.open(row.id))));
  const urgent = (need: Need): number => (need.kind === 'approval' ? 1 : 0);
  return ok({ needs: needs.flat().sort((one, other) => urgent(other) - urgent(one) || other.since - one.since) });
}

function needsOf(run: OpenRun): readonly Need[] {
  const { row, folded } = run;
  const report = folded.report();
  const offers = offersOf(run);
  const asked = report.waiting.map(
    ({ step, attempt, question, since }): Need => ({
      ...evidence(run, step),
      ...treeOf(run, step),
      run: row,
      kind: 'approval',
      question,
      step,
      attempt,
      since,
      text: askedFor[question],
      offers: offers.filter((offer) => offer.step === step || offer.action === 'abort'),
    }),
  );
  if (row.status === 'interrupted') {
    const { step, attempt } = row.at[0] ?? report.waiting[0] ?? { step: '', attempt: 1 };
    return [
      {
        ...evidence(run, step),
        run: row,
        kind: 'interrupted',
        step,
        attempt,
        since: report.updatedAt ?? row.startedAt,
        text: `${row.reason ?? 'its process is gone'}: it can go on where it was`,
        offers,
      },
    ];
  }
  if (row.status !== 'failed') return asked;
  const step = report.failure?.step ?? '';
  const last = attemptsOf(folded, step).at(-1);
  const reason = last?.failure?.reason;
  return [
    {
      ...evidence(run, step),
      run: row,
      kind: reason === 'conflict' ? 'conflict' : reason === 'guard' || reason === 'run-limit' ? 'limit' : 'failed',
      step,
      attempt: last?.attempt ?? 1,
      since: row.endedAt ?? row.startedAt,
      text: report.failure?.message ?? 'it failed',
      ...(last?.failure && { detail: last.failure.text }),
      offers,
    },
  ];
}

function treeOf({ folded }: OpenRun, step: string): Pick<Need, 'tree'> {
  const tree = folded.askedAbout(step);
  return tree === undefined ? {} : { tree };
}

const askedFor = {
  before_gate: 'waits for you before its gates run',
  after_gate: 'its gates have run: take it, or have it done again',
  interrupted: 'its turn was interrupted: it can go on in its conversation, or begin a new one',
} as const;

function evidence({ folded }: OpenRun, path: string): Pick<Need, 'gates' | 'files'> {
  const node = folded.placed().find((one) => one.node.path === path)?.node;
  const last = node && isStep(node) ? node.attempts.at(-1) : undefined;
  return { gates: (last?.gates ?? []).map(gateOf), files: last?.checkpoint?.files ?? [] };
}
