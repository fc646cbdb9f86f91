export type { CheckpointFilter, NewCheckpoint, SessionCheckpoint } from './checkpoint.ts';
export type {
  ControlRecord,
  RunControls,
  RunFilter,
  RunRecord,
  RunStatus,
  RunStore,
  SessionStore,
  StoredEvent,
} from './contract.ts';
export { type SteerOptions, steerRun, takeControls } from './control-port.ts';
export { StoreError, type StoreErrorCode, type StoreErrorDetails } from './errors.ts';
export type { Lease, LeaseHolder, SessionKey, SessionLease } from './lease.ts';
export type { MessageBody, NewMessage, SessionMessage } from './message.ts';
export { parseMessage } from './message-codec.ts';
export { openStore, type StoreOptions } from './open.ts';
export { createRedactor, type Redact } from './redact.ts';
export type {
  MessagePage,
  SearchHit,
  SessionCatalogue,
  SessionCost,
  SessionFacts,
  SessionFilter,
  SessionRecord,
  SessionTurn,
} from './session-contract.ts';
export { createStreamRedactor, type StreamRedactor } from './stream-redactor.ts';
export { createTranscriber, type Transcriber, type TranscriberOptions } from './transcriber.ts';
