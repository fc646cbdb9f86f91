export type { Exit, OutputLine, ProcessCommand, RunningProcess, StartFailure } from './command.ts';
export { type Detached, type DetachedCommand, startDetached } from './detached.ts';
export { type CleanOptions, cleanEnvironment } from './environment.ts';
export { ProcessError, type ProcessErrorCode } from './errors.ts';
export { identify, isAlive, type ProcessIdentity } from './identity.ts';
export { type CommandResult, type RunCommand, runCommand } from './run.ts';
export { spawnProcess } from './spawn.ts';
export { sweepMarked } from './sweep.ts';
export { temporaryFolder, withTemporaryFolder } from './temporary.ts';
