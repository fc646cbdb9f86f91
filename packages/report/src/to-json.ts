import { type AgentRow, agentRows } from './agents.ts';
import type { MetricValue } from './metrics/metric.ts';
import { metricsOf } from './metrics/read.ts';
import type { RunReport } from './model.ts';

/**
 * What `--json` prints and scripts rely on. Within a version fields are only added. Absent means unknown or not yet;
 * texts are as they were stored, control characters included.
 */
export type ReportJson = { readonly version: 1 } & RunReport & {
    readonly agents: readonly AgentRow[];
    /** Every figure that is known, by the names of `docs/metrics.md`. */
    readonly metrics: readonly MetricValue[];
  };

export function toJson(report: RunReport): ReportJson {
  return { version: 1, ...report, agents: agentRows(report), metrics: metricsOf(report) };
}
