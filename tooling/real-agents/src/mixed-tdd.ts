import { join } from 'node:path';
import {
  type ChatTurn,
  chatToolResults,
  chatUserTexts,
  type GeminiTurn,
  geminiToolResults,
  geminiUserTexts,
  type ResponsesTurn,
  responsesToolResults,
  responsesUserTexts,
  type Turn,
  toolResults,
  userTexts,
} from '@pawl/fake-models';
import { openCodexStage, patch } from './codex-stage.ts';
import { openGeminiStage } from './gemini-stage.ts';
import { openPiStage } from './pi-stage.ts';
import { openStage } from './stage.ts';
import { type TddTask, tddTasks } from './tdd-project.ts';

/** The built-in `tdd`, as `pawl workflows show tdd` prints it, with an agent of another maker in each step. */
export function mixed(workflow: string): string {
  const [head = '', red = '', green = ''] = workflow.split(/(?=^ {6}- name: (?:red|green)$)/m);
  const by = (step: string, agent: string) =>
    step.replace('agent: claude-haiku', `agent: ${agent}`).replace('agent: claude-sonnet', 'agent: last-resort');
  return [
    head.replace('name: tdd', 'name: mixed').replace('agent: claude-opus', 'agent: planner'),
    by(red, 'tester'),
    // Another agent cannot go on with the tester's conversation.
    by(green, 'coder').replace(/^ +session: \{ from: red \}\n/m, ''),
  ].join('');
}

export const mixedConfig = JSON.stringify({
  agents: {
    planner: { provider: 'claude' },
    tester: { provider: 'codex' },
    coder: { provider: 'pi', model: 'fake/text' },
    'last-resort': { provider: 'gemini', model: 'gemini-2.5-flash' },
  },
});

const taskIn = (texts: readonly string[]): TddTask => {
  const told = [...texts]
    .reverse()
    .find((text) => tddTasks.some(({ name }) => text.includes(`Task ${name}:`) || text.includes(`src/${name}.js`)));
  const found = tddTasks.find(({ name }) => told?.includes(`Task ${name}:`) || told?.includes(`src/${name}.js`));
  if (!found) throw new Error(`the scripted model finds no task in: ${texts.at(-1)?.slice(0, 500)}`);
  return found;
};

/** Four real agents, each with its own home and model: the planner, the tester, the coder, who is always wrong, the last resort. */
export async function openMixed() {
  const tasks = tddTasks.map(({ name, description, sourceFile, testFile }) => ({
    name,
    description,
    files: [sourceFile, testFile],
  }));
  let drafts = 0;
  const planner = await openStage({
    fallback: (request): Turn =>
      toolResults(request).length > 0 || userTexts(request).length === 0
        ? { text: 'Planned.' }
        : { tools: [{ name: 'StructuredOutput', input: { tasks } }] },
  });
  const tester = await openCodexStage({
    fallback: (request): ResponsesTurn => {
      if (responsesToolResults(request).length > 0) return { text: 'The tests are there.' };
      const { testFile, test } = taskIn(responsesUserTexts(request));
      return patch(testFile, test.trimEnd().replaceAll('\n', '\n+'));
    },
  });
  const coder = await openPiStage({
    fallback: (request): ChatTurn => {
      const prompts = chatUserTexts(request).length;
      if (chatToolResults(request).length >= prompts) return { text: 'It should work.' };
      drafts += 1;
      const { sourceFile, wrong } = taskIn(chatUserTexts(request));
      return { tools: [{ name: 'write', input: { path: sourceFile, content: `${wrong}// draft ${drafts}\n` } }] };
    },
  });
  const last = await openGeminiStage({
    fallback: (request): GeminiTurn => {
      if (geminiToolResults(request).length > 0) return { text: 'Now it works.' };
      const { sourceFile, right } = taskIn(geminiUserTexts(request));
      return { calls: [{ name: 'write_file', args: { file_path: sourceFile, content: right } }] };
    },
  });
  const stages = [planner, tester, coder, last];
  return {
    folder: planner.folder,
    environment: {
      ...last.environment,
      ...tester.environment,
      ...planner.environment,
      // One user, and each agent finds its own things.
      CODEX_HOME: join(tester.home, '.codex'),
      PI_CODING_AGENT_DIR: join(coder.home, '.pi', 'agent'),
      GEMINI_CLI_HOME: last.home,
    },
    /** Requests that took a turn, by step. */
    asked: () => stages.map(({ model }) => model.requests.filter(({ kind }) => kind === 'turn').length),
    processes: () => planner.processes(),
    [Symbol.asyncDispose]: async () => {
      for (const stage of stages) await stage[Symbol.asyncDispose]();
    },
  };
}
