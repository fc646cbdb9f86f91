export { builtInValidators, builtInWorkflows } from './built-in/index.ts';
export { type ResolvedAgent, resolveAgentName } from './compile/agent-name.ts';
export { compileWorkflow } from './compile/compile-workflow.ts';
export type {
  AgentCapabilities,
  AgentEnvironment,
  CompileEnvironment,
  StepEdit,
  WorkflowText,
} from './compile/environment.ts';
export { type PromptFile, promptFiles } from './compile/prompt-files.ts';
export { type WorkflowName, workflowNames } from './compile/workflow-names.ts';
export type { Diagnostic, DiagnosticCode, Range } from './diagnostics/diagnostic.ts';
export { formatDiagnostic } from './diagnostics/format.ts';
export { nearest } from './diagnostics/nearest.ts';
export { parseDuration } from './duration.ts';
export { parseWorkflow, type WorkflowSource } from './parse-workflow.ts';
export { workflowJsonSchema } from './shape/json-schema.ts';
export type {
  DeclaredInput,
  Workflow,
  WorkflowAgentStep,
  WorkflowCallStep,
  WorkflowGateStep,
  WorkflowGroupStep,
  WorkflowStep,
} from './workflow.ts';
