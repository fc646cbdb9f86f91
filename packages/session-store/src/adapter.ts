// For authors of a store in another database: what does not depend on SQLite, so that it means the same everywhere.
export { toCheckpoint } from './checkpoint-row.ts';
export { controlText, endText, toControlRecord } from './control-row.ts';
export { decode as decodeEvent } from './event-codec.ts';
export { acquireLease, type HeldLease, type LeasePlace, runBusy, sessionBusy } from './leases.ts';
export { decodeMessage, encodeMessage, type MessageRow } from './message-codec.ts';
export { checkPage, noSuchSession, pageLimit, prefixEnd } from './queries.ts';
export type { Row } from './row.ts';
export { type EncodedEvent, encodeEvents, staleSequence } from './run-append.ts';
export { checkRunId } from './run-id.ts';
export { changesRecord, holderOf, statusAfter, toRunRecord } from './run-row.ts';
export { ofTheConversation, otherProvider } from './session-exchange.ts';
export { checkedFacts, cleanText, sessionName } from './session-facts.ts';
export { toSessionRecord } from './session-row.ts';
export { titlePatterns, titleWords } from './titles.ts';
export { excerpt, plainWords, searchedWords } from './words.ts';
