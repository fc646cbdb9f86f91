import { exportReport, readExplanation } from './handlers/account.ts';
import { act } from './handlers/act.ts';
import { previewApply, readCheckpoints, readCosts, readDiff, readPlan } from './handlers/changes.ts';
import { analytics, compare } from './handlers/figures.ts';
import { readNeeds } from './handlers/needs.ts';
import { readConversation, readEvents, readLog } from './handlers/reading.ts';
import { live, readRun, readSteps } from './handlers/run.ts';
import { listRuns } from './handlers/runs.ts';
import {
  actOnSession,
  exportMessages,
  exportSession,
  listSessions,
  readMessages,
  readSession,
} from './handlers/sessions.ts';
import { dryRun, readStart, startRun } from './handlers/start.ts';
import { readState, readStep, readTimeline } from './handlers/step.ts';
import { checkText, listWorkflows, readWorkflow } from './handlers/workflows.ts';
import { collectGarbage, readWorktrees } from './handlers/worktrees.ts';
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
  { method: 'GET', path: '/api/runs/:run/steps', role: 'viewer', handle: readSteps },
  { method: 'GET', path: '/api/runs/:run/step', role: 'viewer', handle: readStep },
  { method: 'GET', path: '/api/runs/:run/timeline', role: 'viewer', handle: readTimeline },
  { method: 'GET', path: '/api/runs/:run/state', role: 'viewer', handle: readState },
  { method: 'GET', path: '/api/runs/:run/conversation', role: 'viewer', handle: readConversation },
  { method: 'GET', path: '/api/runs/:run/log', role: 'viewer', handle: readLog },
  { method: 'GET', path: '/api/runs/:run/events', role: 'viewer', handle: readEvents },
  { method: 'GET', path: '/api/runs/:run/diff', role: 'viewer', handle: readDiff },
  { method: 'GET', path: '/api/runs/:run/plan', role: 'viewer', handle: readPlan },
  { method: 'GET', path: '/api/runs/:run/explain', role: 'viewer', handle: readExplanation },
  { method: 'GET', path: '/api/runs/:run/report', role: 'viewer', handle: exportReport },
  { method: 'GET', path: '/api/runs/:run/costs', role: 'viewer', handle: readCosts },
  { method: 'GET', path: '/api/runs/:run/checkpoints', role: 'viewer', handle: readCheckpoints },
  { method: 'GET', path: '/api/runs/:run/apply', role: 'viewer', handle: previewApply },
  { method: 'POST', path: '/api/runs/:run/actions', role: 'operator', handle: act },
  { method: 'GET', path: '/api/needs', role: 'viewer', handle: readNeeds },
  { method: 'POST', path: '/api/runs', role: 'operator', handle: startRun },
  { method: 'POST', path: '/api/plans', role: 'operator', handle: dryRun },
  { method: 'GET', path: '/api/repositories/:repository/start', role: 'viewer', handle: readStart },
  { method: 'GET', path: '/api/repositories/:repository/workflows', role: 'viewer', handle: listWorkflows },
  { method: 'GET', path: '/api/repositories/:repository/workflows/:name', role: 'viewer', handle: readWorkflow },
  { method: 'POST', path: '/api/repositories/:repository/check', role: 'operator', handle: checkText },
  { method: 'GET', path: '/api/sessions', role: 'viewer', handle: listSessions },
  { method: 'GET', path: '/api/sessions/:session', role: 'viewer', handle: readSession },
  { method: 'GET', path: '/api/sessions/:session/messages', role: 'viewer', handle: readMessages },
  { method: 'GET', path: '/api/sessions/:session/messages.ndjson', role: 'viewer', handle: exportMessages },
  { method: 'GET', path: '/api/sessions/:session/export', role: 'operator', handle: exportSession },
  { method: 'POST', path: '/api/sessions/:session/actions', role: 'operator', handle: actOnSession },
  { method: 'GET', path: '/api/worktrees', role: 'viewer', handle: readWorktrees },
  { method: 'POST', path: '/api/worktrees/gc', role: 'operator', handle: collectGarbage },
  { method: 'GET', path: '/api/compare', role: 'viewer', handle: compare },
  { method: 'GET', path: '/api/analytics', role: 'viewer', handle: analytics },
  {
    method: 'GET',
    path: '/api/audit',
    role: 'operator',
    handle: (house) => ok({ entries: house.audit.newest(500) }),
  },
];
