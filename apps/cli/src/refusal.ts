import { AgentError } from '@pawl/agent';
import { ProviderError } from '@pawl/provider';
import { plainText } from '@pawl/report';
import { StoreError } from '@pawl/session-store';
import { nearest } from '@pawl/workflow-schema';
import { WorktreeError, type WorktreeErrorCode } from '@pawl/worktree';
import { CommanderError } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import { openTerminal, type Stream } from './terminal.ts';

/** The one place where an error becomes text, data and an exit code. */
export function tell(
  error: unknown,
  { env, ...streams }: { env: NodeJS.ProcessEnv; stdout: Stream; stderr: Stream },
  argv: readonly string[],
): number {
  const { code, message, hint: own, details, exit } = asRefusal(error, argv);
  // What is wrong with a file is told by its diagnostics.
  const hint = own ?? (exit === 'usage' && details.diagnostics === undefined ? helpFor(argv) : undefined);
  if (argv.includes('--json')) {
    const data = { code, message, ...(hint !== undefined && { hint }), ...details };
    streams.stdout.write(`${JSON.stringify({ version: 1, error: data })}\n`);
  }
  openTerminal(env, streams).say(plainText(`pawl: ${message}`));
  // Whole, so that it can be copied.
  if (hint !== undefined) streams.stderr.write(plainText(`  try: ${hint}\n`));
  return exitCodes[exit];
}

/** Of the user's branch and checkout, not of the machine. */
const ofTheCheckout: ReadonlySet<WorktreeErrorCode> = new Set([
  'detached-head',
  'merge-in-progress',
  'local-changes',
  'merge-conflict',
  'branch-moved',
]);

function asRefusal(error: unknown, argv: readonly string[]): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) return wrongUsage(error, argv);
  if (WorktreeError.is(error))
    return new CliError(ofTheCheckout.has(error.code) ? 'failed' : 'environment', error.code, error.message);
  if (StoreError.is(error)) return new CliError('environment', error.code, error.message);
  if (AgentError.is(error)) return new CliError('usage', error.code, error.message);
  if (ProviderError.is(error)) return new CliError('environment', error.code, error.message);
  if (isOfTheSystem(error)) return new CliError('environment', error.code ?? 'system', error.message, 'pawl doctor');
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliError('failed', 'internal', `an error of pawl itself\n${text}`);
}

/** A file or folder that cannot be read, made or written, a disk that is full: nothing that pawl could have known. */
const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'path' in error && 'errno' in error;

const helpFor = (argv: readonly string[]): string =>
  `pawl help ${argv.find((word) => !word.startsWith('-')) ?? ''}`.trim();

function wrongUsage(error: CommanderError, argv: readonly string[]): CliError {
  const message = error.message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/s, ': did you mean $1?');
  const hint = error.code === 'commander.unknownCommand' ? 'pawl help' : helpFor(argv);
  return new CliError('usage', error.code.replace('commander.', ''), message, hint);
}

/** `: did you mean that?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `: did you mean ${near}?`;
}
