export type { Access, Capabilities, Probe, Report, SessionVerb } from './capabilities.ts';
export { ProviderError, type ProviderErrorCode, type SerializedProviderError } from './errors.ts';
export type {
  AgentEvent,
  SessionReady,
  ToolCall,
  ToolKind,
  TurnEnd,
  TurnOutcome,
  Usage,
  UsageUpdate,
} from './events.ts';
export type { Child, Command, Exit, FolderFiles, Host, OutputLine } from './host.ts';
export type { Json, JsonObject } from './json.ts';
export type { MessageBody, TranscriptMessage } from './message.ts';
export type { PlacedFile, PlaceRequest, SessionPart, SessionPlacement } from './moving.ts';
export type { Provider, SchemaIssue, SchemaResult, Silence, SpecVersion, StandardSchema } from './provider.ts';
export type {
  OpenRequest,
  Session,
  SessionRef,
  SessionRetention,
  SessionStart,
  SessionSummary,
  Turn,
  TurnInput,
} from './session.ts';
