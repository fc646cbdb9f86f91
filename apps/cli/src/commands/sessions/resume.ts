import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Agent, AgentError, createAgent, type RunResult } from '@pawl/agent';
import { type Access, type AgentEvent, ProviderError } from '@pawl/provider';
import { formatDuration, formatMoney, plainLine } from '@pawl/report';
import { type SessionRecord, type SessionStore, StoreError } from '@pawl/session-store';
import { checkoutCheckpoints } from '@pawl/worktree';
import { agentOf, type SessionAgent } from '../../agent-of.ts';
import { hostFor } from '../../compose.ts';
import type { Context } from '../../context.ts';
import { AgentLines } from '../../display/agent-lines.ts';
import { CliError, exitCodes, exitOfFailure } from '../../exit.ts';
import { didYouMean } from '../../refusal.ts';
import { shortId, withSession } from '../../sessions.ts';
import { shellWord } from '../../shell-word.ts';
import { untilStopped } from '../../signals.ts';
import { ownerIn } from '../../user-name.ts';

export interface ResumeOptions {
  readonly access?: string;
  readonly model?: string;
  readonly agent?: string;
  readonly cwd?: string;
  readonly json?: boolean;
}

/** With a prompt: one turn in it. Without one: the command that opens it in the agent's own interface. */
export async function resume(
  context: Context,
  id: string,
  words: readonly string[],
  options: ResumeOptions,
): Promise<number> {
  const prompt = words.join(' ').trim();
  return withSession(context, id, async (session, store) => {
    const agent = await agentOf(context, session, options);
    const cwd = await folderOf(context, store, session, options);
    if (await isGone(context, session, agent, prompt === '')) throw transcriptGone(session, agent);
    if (prompt === '') return tellCommand(context, session, agent, cwd, options);
    const conversation = createAgent(agent.provider, {
      cwd,
      store,
      checkpoint: checkoutCheckpoints({ env: context.env }),
      options: agent.options,
      access: accessOf(options.access),
      host: hostFor(agent.provider, context.env),
      ...(agent.model !== undefined && { model: agent.model }),
      ...optional({ owner: session.owner ?? ownerIn(context.env), repository: session.repository }),
    }).resume(session.ref);
    return turn(context, conversation, prompt, session, options);
  });
}

/** What the agent does, as it comes; then how it ended. */
async function turn(
  { terminal }: Context,
  agent: Agent,
  prompt: string,
  { id }: SessionRecord,
  { json }: ResumeOptions,
): Promise<number> {
  const lines = new AgentLines();
  const onEvent = (event: AgentEvent): void => {
    if (json) terminal.print(JSON.stringify(event));
    else for (const line of lines.add(event)) terminal.say(terminal.people.line(['dim', `  ${plainLine(line)}`]));
  };
  let result: RunResult;
  try {
    result = await untilStopped((signal) => agent.run(prompt, { signal, onEvent }));
  } catch (error) {
    if (AgentError.is(error) || (StoreError.is(error) && error.code === 'session-busy'))
      throw new CliError('usage', error.code, error.message, `pawl sessions show ${id}`);
    throw error;
  }
  const { outcome, notRecorded } = result;
  if (!json) {
    if (result.text.trim() !== '') terminal.print(result.text);
    terminal.say(`${endOf(result)}, ${figuresOf(result)}`);
  }
  if (notRecorded) terminal.say(`note: the turn could not be kept: ${plainLine(notRecorded.message)}`);
  if (outcome.kind === 'completed') return exitCodes.passed;
  if (outcome.kind === 'failed') return exitOfFailure(outcome.error);
  return outcome.kind === 'cancelled' ? exitCodes.aborted : exitCodes.failed;
}

function endOf({ outcome }: RunResult): string {
  switch (outcome.kind) {
    case 'failed':
      return `failed: ${plainLine(outcome.error.message)}`;
    case 'refused':
      return `refused: ${plainLine(outcome.reason)}`;
    case 'limited':
      return `limited by ${outcome.limit}`;
    default:
      return outcome.kind;
  }
}

function figuresOf({ durationMs, cost }: RunResult): string {
  const [measuredUsd, unpriced] = cost.state === 'measured' ? [cost.usd, 0] : [0, 1];
  return `${formatDuration(durationMs)}, ${formatMoney({ measuredUsd, estimatedUsd: 0, unpriced })}`;
}

function tellCommand(
  { terminal }: Context,
  session: SessionRecord,
  { provider }: SessionAgent,
  cwd: string,
  { json }: ResumeOptions,
): number {
  const words = provider.interactive?.(session.ref);
  if (!words)
    throw new CliError(
      'usage',
      'no-interface',
      `${provider.title} has no interface of its own to open a session in`,
      `pawl sessions resume ${session.id} "…"`,
    );
  const line = `cd ${shellWord(cwd)} && ${words.map(shellWord).join(' ')}`;
  terminal.print(json ? JSON.stringify({ version: 1, session: session.id, cwd, words, line }) : line);
  return exitCodes.passed;
}

const words: readonly Access[] = ['read-only', 'edit', 'full'];

function accessOf(word = 'edit'): Access {
  const found = words.find((each) => each === word);
  if (found) return found;
  throw new CliError('usage', 'bad-option', `--access is ${words.join(', ')}, not ${word}${didYouMean(word, words)}`);
}

/** The session's own: some agents look for it only there. */
async function folderOf(
  { cwd }: Context,
  store: SessionStore,
  session: SessionRecord,
  options: ResumeOptions,
): Promise<string> {
  const folder = options.cwd === undefined ? session.ref.cwd : resolve(cwd, options.cwd);
  if (existsSync(folder)) return folder;
  const short = await shortId(store, session);
  throw new CliError(
    'environment',
    'folder-gone',
    `the folder ${folder}, in which session ${short} works, is not there any more`,
    `pawl sessions resume ${short} --cwd <folder> "…", or pawl sessions fork ${short}, which makes it anew`,
  );
}

/**
 * Whether the agent, or somebody, has deleted its transcript. It is looked for only where nobody else would find out: an
 * agent that is given a prompt says so itself.
 */
async function isGone(
  { env }: Context,
  { ref, transcript }: SessionRecord,
  { provider }: SessionAgent,
  look: boolean,
): Promise<boolean> {
  if (transcript !== undefined) return !existsSync(transcript);
  if (!look || !provider.exportSession) return false;
  try {
    for await (const _ of provider.exportSession(ref, hostFor(provider, env))) break;
    return false;
  } catch (error) {
    return ProviderError.is(error) && error.code === 'session-not-found';
  }
}

function transcriptGone({ id, transcript }: SessionRecord, { provider }: SessionAgent): CliError {
  const where = transcript === undefined ? '' : ` (${transcript})`;
  return new CliError(
    'environment',
    'transcript-gone',
    `${provider.title} has no transcript of session ${id} any more${where}: it cannot go on`,
    `pawl sessions messages ${id} has what was said`,
  );
}

/** An optional property must not be undefined. */
function optional<T extends object>(from: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
