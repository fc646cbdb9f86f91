import { live, readRun } from './handlers/run.ts';
import { listRuns } from './handlers/runs.ts';
import type { House } from './house.ts';
import { ok, type Route } from './http.ts';
import { meOf } from './me.ts';

/** All that the dashboard answers. A write names who may, and is noted in the audit log by who does it. */
export const routes: readonly Route<House>[] = [
  {
    method: 'GET',
    path: '/api/session',
    role: 'viewer',
    handle: async (house, { user }) => ok(await meOf(house, user)),
  },
  { method: 'GET', path: '/api/live', role: 'viewer', handle: live },
  { method: 'GET', path: '/api/runs', role: 'viewer', handle: listRuns },
  { method: 'GET', path: '/api/runs/:run', role: 'viewer', handle: readRun },
];
