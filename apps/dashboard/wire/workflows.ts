import type { PlanStep } from './plan.ts';

// GET /api/repositories/:repository/workflows[/:name]   POST /api/repositories/:repository/check { name, text }

export interface WorkflowRow {
  readonly name: string;
  readonly file: string;
  readonly builtIn: boolean;
  readonly valid: boolean;
  readonly description?: string;
  readonly inputs: readonly WorkflowInput[];
}
export interface WorkflowInput {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: string;
  readonly values?: readonly string[];
  readonly description?: string;
}
export interface WorkflowPage extends WorkflowRow {
  readonly text: string;
  readonly checked: Checked;
}
export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** For the graph; absent when it is not valid. */
  readonly steps?: readonly PlanStep[];
}
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}
