export { type AcpReplyOptions, acpReply } from './acp-reply.ts';
export { complaints } from './complaints.ts';
export { type FakeHost, type FakeRun, type FakeSurroundings, fakeHost } from './fake-host.ts';
export { type Behaviour, FakeProgram } from './fake-program.ts';
export { type ProcessHost, processHost } from './process-host.ts';
export { type RecordedContext, type Recording, readRecordings, writeExpected } from './recordings.ts';
export { collect, type ReplayOptions, replay } from './replay.ts';
export type { ExpectedEnd, FakeSetup, LiveSetup, ProviderTests } from './setup.ts';
export { testProvider } from './suite.ts';
