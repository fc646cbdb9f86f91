import type { RunFilter, RunRecord } from '@pawl/session-store';
import type { RunList, RunRow, Standing } from '../../wire.ts';
import { badRequest } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { repositoriesOf } from '../me.ts';

const standings: readonly Standing[] = ['running', 'stopping', 'waiting', 'interrupted', 'passed', 'failed', 'aborted'];
const pageSize = 50;
/** How many runs are looked at for one page: a filter that fits none ends. */
const mostLooked = 2000;

/** The newest runs that fit. What the store cannot tell (who worked, how it stands) is asked of each. */
export async function listRuns(house: House, { query }: Request): Promise<Answer> {
  const filter = await filterOf(house, query);
  const fits = fitOf(query);
  const limit = Math.min(200, Math.max(1, Number(query.get('limit')) || pageSize));
  const runs: RunRow[] = [];
  let before = query.get('before') ?? undefined;
  let looked = 0;
  let more = false;
  search: for (;;) {
    const page: readonly RunRecord[] = await house.store.runs.list({
      ...filter,
      limit: 200,
      ...(before && { before }),
    });
    for (const record of page) {
      looked += 1;
      if (runs.length === limit || looked > mostLooked) {
        more = true;
        break search;
      }
      before = record.id;
      const row = await house.runs.row(record);
      if (fits(row)) runs.push(row);
    }
    if (page.length < 200) break;
  }
  const facets = await facetsOf(house);
  return ok({ runs, facets, ...(more && before !== undefined && { more: before }) } satisfies RunList);
}

async function filterOf(house: House, query: URLSearchParams): Promise<RunFilter> {
  const [repository, workflow, tag] = [query.get('repository'), query.get('workflow'), query.get('tag')];
  const known = repository ? await repositoriesOf(house) : [];
  const found = known.find(({ id }) => id === repository);
  return {
    ...(repository && { repository: found?.path ?? '\0' }),
    ...(workflow && { workflow }),
    ...(tag && { tag }),
  };
}

function fitOf(query: URLSearchParams): (row: RunRow) => boolean {
  const wanted = query
    .getAll('status')
    .flatMap((one) => one.split(','))
    .filter((one) => one !== '');
  if (!wanted.every((one) => (standings as readonly string[]).includes(one)))
    throw badRequest(`a run’s status is one of ${standings.join(', ')}`);
  const agent = query.get('agent');
  const words = (query.get('text') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    if (wanted.length > 0 && !wanted.includes(row.status)) return false;
    if (agent && !row.agents.includes(agent)) return false;
    const { id, workflow, spec, reason = '', repository, branch = '', at } = row;
    const text = [id, workflow, spec, reason, repository.path, branch, ...at.map(({ step }) => step)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

async function facetsOf(house: House): Promise<RunList['facets']> {
  const records = await house.store.runs.list({ limit: 1000 });
  const rows = await Promise.all(records.slice(0, pageSize).map((record) => house.runs.row(record)));
  const sorted = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();
  return {
    workflows: sorted(records.map(({ workflow }) => workflow)),
    agents: sorted(rows.flatMap(({ agents }) => agents)),
    tags: sorted(records.flatMap(({ tags }) => tags)),
  };
}
