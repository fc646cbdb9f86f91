export { defineAcpProvider } from './acp/define.ts';
export type { AcpAccess, AcpProfile, AcpProviderDefinition } from './acp/profile.ts';
export { type ApiFailureMore, type ApiReason, apiFailure, reasonOfStatus, reasonOfWords } from './api-failure.ts';
export { type Answer, ask } from './ask.ts';
export { defineCliProvider } from './define.ts';
export type {
  BodyEvent,
  CliProviderDefinition,
  Clock,
  Launch,
  Surroundings,
  Translator,
  Verdict,
} from './definition.ts';
export { crashed, failure, refuse } from './failure.ts';
export { asArray, asFigure, asObject, asObjects, asString, readObject } from './json.ts';
export { listen } from './listen.ts';
export { serversByName, serversFor } from './mcp.ts';
export { mapEntries, moved, movedPath, nowhere, strangePart, upTo } from './moving.ts';
export type { McpServer } from './options.ts';
export { outputOf, stamp } from './reading.ts';
export { readSettings } from './settings.ts';
export { transcriptLines } from './transcript-lines.ts';
