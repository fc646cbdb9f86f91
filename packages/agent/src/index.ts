export { createAgent } from './agent.ts';
export type {
  Agent,
  AgentOptions,
  KeepFiles,
  KeptFiles,
  RunCost,
  RunOptions,
  RunOutcome,
  RunResult,
  RunStream,
} from './agent-contract.ts';
export type { BundledSession, BundleEntry, BundleManifest } from './bundle/manifest.ts';
export { cleanLines, type LineCount } from './bundle/native-lines.ts';
export { type ReadBundle, readBundle } from './bundle/read.ts';
export { type Staged, stage, writeBundle } from './bundle/write.ts';
export { AgentError, type AgentErrorCode } from './errors.ts';
export type { Said, Session } from './held-session.ts';
export { holderLives, thisHolder } from './holder.ts';
export { createHost, type HostOptions } from './host.ts';
export {
  KeptTurn,
  type KeptTurnOptions,
  type NotRecorded,
  type TurnFacts,
  type TurnFigures,
  type TurnSessions,
} from './kept-turn.ts';
export { linesOf } from './moving/lines.ts';
export { copySession, packSession, placeSession, readPart } from './moving/move.ts';
export { runTurn } from './run-turn.ts';
export { createSessions, type Sessions, type SessionsOptions } from './sessions.ts';
export { transcriptOf } from './turn-checkpoint.ts';
export type { LimitName, TurnLimits, TurnReport, TurnRequest } from './turn-request.ts';
