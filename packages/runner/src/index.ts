export { type ActivityMeter, createActivityMeter } from './activity/meter.ts';
export { costOf } from './agent/meter.ts';
export { type Controls, createControls } from './controls.ts';
export {
  abortRun,
  answerRun,
  continueRun,
  type DriveOptions,
  resumeRun,
  type StartOptions,
  startRun,
} from './drive.ts';
export { RunnerError, type RunnerErrorCode } from './errors.ts';
export { turnFolder } from './files/names.ts';
export { localRunFiles, type RunFilesOptions } from './files/run-files.ts';
export { localScratch } from './files/scratch.ts';
export { localWorktreeFiles } from './files/worktree-files.ts';
export { projectCommands } from './gates/commands-of.ts';
export type { Notice, Observe } from './notice.ts';
export type {
  Agents,
  CommandEnd,
  Commands,
  EventLog,
  FileSink,
  HostOptions,
  Lane,
  People,
  Ports,
  Question,
  Redactor,
  RunFiles,
  Scratch,
  WorktreeFiles,
  Worktrees,
} from './ports.ts';
export { estimate, type Price, priceOf, priceTable } from './prices.ts';
export { endOrphans } from './recover.ts';
