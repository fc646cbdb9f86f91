import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentOptions, RunResult } from '@pawl/agent';
import type { AgentEvent, SerializedProviderError } from '@pawl/provider';
import { mcpServer } from '../codex-script.ts';
import type { LiveAgent, LiveStage, RefusedStatus } from './live-agent.ts';
import { demand, NeitherNor } from './neither-nor.ts';
import type { Cell, Situation } from './row.ts';

/** One situation, the same for every agent. Throws where it does not end as every agent has to. */
type Trial = <Turn>(live: LiveAgent<Turn>) => Promise<Cell>;

const begunMs = 150_000;

/** What happens around a turn, and what has to come of it. A situation without a test does not compile. */
export const situations: Readonly<Record<Situation, Trial>> = {
  'writes a file': async (live) => {
    await using stage = await live.open();
    stage.model.push(live.write(join(stage.folder, 'a.txt'), 'written'), live.say('I wrote it.'));
    const result = await agentOf(live, stage).run('write a.txt');
    ended(result, { kind: 'completed', text: 'I wrote it.' });
    demand((await readFile(join(stage.folder, 'a.txt'), 'utf8')) === 'written\n', 'another file was written');
    demand(result.unknownLines === 0, `${result.unknownLines} lines that the adapter does not know`);
    return nothingLeft(stage);
  },

  'wrong session id': async (live) => {
    await using stage = await live.open();
    const ref = { provider: live.provider.id, id: '99999999-2222-4333-8444-555555555555', cwd: stage.folder };
    const agent = () => agentOf(live, stage);
    for (const wrong of [agent().resume(ref), agent().fork(ref), agent().continueLatest()]) {
      const { code, retryable } = failure(await wrong.run('go on'));
      demand(['session-not-found', 'unsupported'].includes(code) && !retryable, `it failed as ${code}`);
    }
    demand(failure(await agent().resume(ref).run('go on')).code === 'session-not-found', 'a resume that was none');
    demand(asked(stage) === 0, 'a model was asked in a session that is not there');
    return nothingLeft(stage);
  },

  'HTTP 401': (live) => refused(live, 401, ['not-signed-in'], false),
  'HTTP 429': (live) => refused(live, 429, ['rate-limited'], true),
  'HTTP 5xx': (live) => refused(live, 503, ['internal', 'overloaded'], true),

  'cut stream': async (live) => {
    await using stage = await live.open();
    stage.model.push(live.cut());
    const result = await agentOf(live, stage).run('hi');
    nothingLeft(stage);
    if (result.outcome.kind === 'completed') {
      demand(asked(stage) > 1 && result.outcome.text.endsWith('Yes.'), 'half an answer was taken for a whole one');
      return 'works';
    }
    const { code, retryable } = failure(result);
    demand(code === 'network' && retryable, `it failed as ${code}`);
    return 'works';
  },

  'stop during a tool': async (live) => {
    await using stage = await live.open();
    const started = join(stage.folder, 'started');
    const late = join(stage.folder, 'late');
    // Ignores every polite signal, and would write when it is left alone.
    stage.model.push(live.command(`trap "" TERM INT HUP; echo x > ${started}; sleep 300; echo x > ${late}`));
    const agent = agentOf(live, stage);
    const running = agent.run('hi');
    await until(() => existsSync(started), running);
    await agent.abort();
    ended(await running, { kind: 'cancelled' });
    nothingLeft(stage);
    demand(!existsSync(late), 'the command went on');
    // What was begun can be gone on with.
    ended(await agent.run('go on'), { kind: 'completed', text: 'Yes.' });
    demand(lastAsked(stage).includes('go on'), 'the model was not asked again');
    return 'works';
  },

  'stop during a retry': async (live) => {
    await using stage = await live.open({ fallback: live.fail(), retries: 'many' });
    const agent = agentOf(live, stage);
    const running = agent.run('hi');
    // The second request is a try of the CLI's own: it is at it.
    await Promise.race([stage.model.waitForTurns(2, begunMs), notYet(running)]);
    await agent.abort();
    ended(await running, { kind: 'cancelled' });
    return nothingLeft(stage);
  },

  'two at once': async (live) => {
    const words = ['pawl-one', 'pawl-two'];
    const toWord = (request: unknown) => live.say(`To ${/pawl-(?:one|two)/.exec(JSON.stringify(request))?.[0]}`);
    await using stage = await live.open({ fallback: toWord });
    if (live.setsUpAlone) await agentOf(live, stage).run('first');
    const results = await Promise.all(words.map((word) => agentOf(live, stage).run(word)));
    for (const [index, result] of results.entries()) ended(result, { kind: 'completed', text: `To ${words[index]}` });
    demand(new Set(results.map(({ session }) => session?.id)).size === 2, 'two in one session');
    return nothingLeft(stage);
  },

  'MCP server': async (live) => {
    await using stage = await live.open();
    const [script, written] = [join(stage.folder, 'server.mjs'), join(stage.folder, 'by-server')];
    await writeFile(script, mcpServer(written));
    const server = { name: 'notes', command: process.execPath, args: [script], env: { PAWL_NOTE: 'kept' } };
    const options = { ...live.options, mcpServers: [server] };
    if (await refusesOption(live, options, 'mcpServers')) return 'refused by name';
    stage.model.push(live.served('notes', 'write'), live.say('Done.'));
    const begun: AgentEvent[] = [];
    const onEvent = (event: AgentEvent) => void (event.type === 'session-ready' && begun.push(event));
    ended(await agentOf(live, stage, { options, access: live.serverAccess ?? 'edit' }).run('go', { onEvent }), {
      kind: 'completed',
      text: 'Done.',
    });
    demand((await readFile(written, 'utf8').catch(() => '')) === 'kept', 'the server was not called');
    demand(!live.namesServers || begun.some(namesServer), 'its first word names no tools, or not the server');
    return nothingLeft(stage);
  },

  'extra directories': async (live) => {
    await using stage = await live.open();
    // Not where the stages lie: Codex lets everybody write in the system's folder for what is temporary.
    const other = await realpath(await mkdtemp('/var/tmp/pawl-other-'));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(other, { recursive: true }));
    const file = join(other, 'a.txt');
    const options = { ...live.options, directories: [other] };
    if (await refusesOption(live, options, 'directories')) return 'refused by name';
    stage.model.push(live.write(file, 'denied'));
    await agentOf(live, stage).run('write a.txt');
    demand(!existsSync(file), 'it wrote there without having been given the directory');
    stage.model.push(live.write(file, 'written'), live.say('I wrote it.'));
    const result = await agentOf(live, stage, { options }).run('write a.txt');
    if (saysUnsupported(result)) return 'refused by name';
    ended(result, { kind: 'completed', text: 'I wrote it.' });
    demand((await readFile(file, 'utf8').catch(() => '')) === 'written\n', 'nothing was written there');
    return nothingLeft(stage);
  },

  effort: async (live) => {
    await using stage = await live.open();
    for (const effort of ['low', 'high']) {
      const options = { ...live.options, effort };
      if (await refusesOption(live, options, 'effort')) return 'refused by name';
      const result = await agentOf(live, stage, { options }).run('hi');
      if (saysUnsupported(result)) return 'refused by name';
      ended(result, { kind: 'completed', text: 'Yes.' });
      const [, asked] = /effort":"(\w+)"/.exec(lastAsked(stage)) ?? [];
      demand(asked === effort, `the model was asked with effort ${asked}, not ${effort}`);
    }
    return nothingLeft(stage);
  },
};

const namesServer = (event: AgentEvent): boolean =>
  event.type === 'session-ready' && event.mcpServers?.includes('notes') === true && (event.tools?.length ?? 0) > 0;

function agentOf<Turn>({ model, options }: LiveAgent<Turn>, stage: LiveStage<Turn>, more: AgentOptions = {}) {
  return stage.agent({
    ...(model === undefined ? {} : { model }),
    ...(options === undefined ? {} : { options }),
    ...more,
  });
}

/** By its name and with a reason, before anything is started. */
async function refusesOption<Turn>({ provider }: LiveAgent<Turn>, options: object, name: string): Promise<boolean> {
  const { issues } = await provider.options['~standard'].validate(options);
  if (!issues) return false;
  const told = issues.some(({ path, message }) => path?.[0] === name && !/unrecognized|invalid/i.test(message));
  demand(told, 'a refusal that does not say of what, or why');
  return true;
}

/** What only the running agent can tell. */
const saysUnsupported = ({ outcome }: RunResult): boolean =>
  outcome.kind === 'failed' && outcome.error.code === 'unsupported';

async function refused<Turn>(
  live: LiveAgent<Turn>,
  status: RefusedStatus,
  codes: readonly SerializedProviderError['code'][],
  again: boolean,
): Promise<Cell> {
  await using stage = await live.open({ fallback: live.refuse(status) });
  const { code, retryable, message } = failure(await agentOf(live, stage).run('hi'));
  demand(codes.includes(code) && retryable === again, `it failed as ${code}, retryable ${retryable}: ${message}`);
  return nothingLeft(stage);
}

function failure({ outcome }: RunResult): SerializedProviderError {
  if (outcome.kind === 'failed') return outcome.error;
  throw new NeitherNor(`it ended as ${JSON.stringify(outcome)}`);
}

function ended({ outcome }: RunResult, wanted: object): void {
  demand(JSON.stringify(outcome) === JSON.stringify(wanted), `it ended as ${JSON.stringify(outcome)}`);
}

function nothingLeft<Turn>(stage: LiveStage<Turn>): 'works' {
  const left = stage.processes();
  demand(left.length === 0, `a process is left: ${JSON.stringify(left)}`);
  return 'works';
}

const bodies = <Turn>(stage: LiveStage<Turn>): readonly unknown[] =>
  stage.model.requests.flatMap(({ kind, body }) => (kind === 'turn' ? [body] : []));
const asked = <Turn>(stage: LiveStage<Turn>): number => bodies(stage).length;
const lastAsked = <Turn>(stage: LiveStage<Turn>): string => JSON.stringify(bodies(stage).at(-1) ?? null);

/** Rejects when the turn ends before what is waited for. */
async function notYet(running: Promise<RunResult>): Promise<never> {
  throw new NeitherNor(`it ended too soon, as ${JSON.stringify((await running).outcome)}`);
}

async function until(holds: () => boolean, running: Promise<RunResult>): Promise<void> {
  const over = notYet(running);
  over.catch(() => undefined);
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > begunMs / 50) throw new NeitherNor('the command did not begin');
    await Promise.race([sleep(50), over]);
  }
}
