export type { Activity, AnswerClass, ContextUse } from './activity.ts';
export { type Control, type ControlEnd, readControl } from './control.ts';
export { decide } from './decide.ts';
export type {
  AgentEnd,
  AgentReport,
  AgentStart,
  Answer,
  BlobRef,
  Checkpoint,
  Commit,
  Cost,
  Effect,
  EffectId,
  EffectType,
  Expected,
  FileChange,
  FrameId,
  GateReport,
  GuardName,
  Limit,
  Outcome,
  OutputCandidate,
  QuestionKind,
  RunAgent,
  StepPath,
  Text,
  TurnLimits,
} from './effects.ts';
export { CoreError, type CoreErrorCode } from './errors.ts';
export type {
  AttemptStarted,
  Failure,
  FrameStarted,
  Parent,
  RunEnd,
  RunEvent,
  RunFailure,
  SessionUse,
  StepEnd,
  StepStarted,
  WarningCode,
} from './events.ts';
export { evolve } from './evolve.ts';
export { fieldOf } from './fields.ts';
export { initial } from './initial.ts';
export type { Decision, Input, RefusalCode } from './input.ts';
export { agentStepAt, allSteps, frameAt, isAgentStep, plannedAt, stepAt, taskOf } from './lookup.ts';
export { outputSchemas } from './output.ts';
export { outstanding } from './outstanding.ts';
export type {
  AgentStep,
  CallStep,
  Condition,
  ContextSource,
  GateKind,
  GateStep,
  GroupStep,
  Guard,
  Limits,
  Operand,
  Parallel,
  Plan,
  PlannedAgent,
  PlannedGate,
  PlannedSession,
  PlannedStep,
  Reference,
  Retry,
  RetryEntry,
  Settings,
  StepKind,
  Task,
  Template,
  TemplateLine,
  WorkflowPlan,
} from './plan.ts';
export { type PromptPart, promptParts } from './prompt.ts';
export { type Replay, replayOf } from './replay/replay.ts';
export type { AttemptView, Fork, Frame, Lane, RunState, Spent, StepState } from './state.ts';
export { eventVersion, upcast } from './upcast.ts';
