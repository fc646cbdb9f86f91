import { join } from 'node:path';
import { everyText, type MessagesRequest, type Turn, toolNames, toolResults, userTexts } from '@pawl/fake-models';
import { type TddTask, tddTasks } from './tdd-project.ts';

export type TddStep = 'plan' | 'red' | 'green';

/** One prompt that reached the model: what it took it for, and how often it had met that before. */
export interface TddTurn {
  readonly step: TddStep;
  readonly task: string | undefined;
  readonly tries: number;
  readonly model: string | undefined;
}

export interface TddModelOptions {
  /** How many prompts of `<task>/<step>` get a bad answer first: no test file for `red`, a wrong result for `green`. */
  readonly bad?: Readonly<Record<string, number>>;
}

export interface TddModel {
  /** To be given to a fake model as its `fallback`. */
  readonly answer: (request: MessagesRequest) => Turn;
  readonly turns: readonly TddTurn[];
}

/**
 * Plays an agent in the `tdd` workflow on the project of `writeTddProject`: plans two tasks, writes a failing test, then an
 * implementation. Which step and task a request belongs to is read from the request alone, newest words first, so that
 * a resumed conversation, whose newest prompt may be nothing but a failure text, is understood too.
 */
export function tddModel(options: TddModelOptions = {}): TddModel {
  const bad = options.bad ?? { 'add/green': 1 };
  const met = new Map<string, number>();
  const turns: TddTurn[] = [];

  const answer = (request: MessagesRequest): Turn => {
    const results = toolResults(request);
    const failed = results.find((result) => result.error);
    if (failed) return { text: `I could not do it: ${failed.text}` };
    if (results.length > 0) return { text: 'Done.' };

    const step = stepOf(request);
    const task = step === 'plan' ? undefined : taskOf(request);
    const key = `${task?.name}/${step}`;
    const tries = met.get(key) ?? 0;
    met.set(key, tries + 1);
    turns.push({ step, task: task?.name, tries, model: request.model });

    if (task === undefined) return plan(request);
    const isBad = tries < (bad[key] ?? 0);
    if (step === 'red') {
      return isBad ? { text: 'The test is in my head.' } : write(request, task.testFile, task.test);
    }
    // No two drafts alike: pawl does not try again what changes nothing.
    return write(request, task.sourceFile, isBad ? `${task.wrong}// draft ${tries + 1}\n` : task.right);
  };
  return { answer, turns };
}

function stepOf(request: MessagesRequest): TddStep {
  const schema = request.tools?.find((tool) => tool.name === 'StructuredOutput')?.input_schema;
  if (schema?.properties && 'tasks' in schema.properties) return 'plan';
  for (const text of [...userTexts(request)].reverse()) {
    // What prompts say, and not what a failing test run prints.
    if (/\bwrite (failing )?tests\b/i.test(text)) return 'red';
    if (/\b(implement|write the code|make the tests pass)\b/i.test(text)) return 'green';
    if (/"tasks"|list of tasks|into tasks/i.test(text)) return 'plan';
  }
  throw new Error(`the scripted model does not know which step this is: ${userTexts(request).at(-1)?.slice(0, 500)}`);
}

function taskOf(request: MessagesRequest): TddTask {
  for (const text of [...userTexts(request)].reverse()) {
    const files = text.split('\n').filter((line) => /^(files that belong|change only files)/i.test(line));
    const found =
      tddTasks.find((task) => text.includes(`Task ${task.name}:`)) ??
      tddTasks.find((task) => files.some((line) => line.includes(task.sourceFile)));
    if (found) return found;
  }
  throw new Error(`the scripted model finds no task in: ${userTexts(request).at(-1)?.slice(0, 500)}`);
}

function plan(request: MessagesRequest): Turn {
  const tasks = plannedTasks();
  if (toolNames(request).includes('StructuredOutput')) {
    return { tools: [{ name: 'StructuredOutput', input: { tasks } }] };
  }
  return { text: `Two tasks.\n\n\`\`\`json\n${JSON.stringify({ tasks }, null, 2)}\n\`\`\`\n` };
}

function plannedTasks(): readonly object[] {
  return tddTasks.map((task) => {
    const { name, description, sourceFile, testFile } = task;
    return { name, description, files: [sourceFile, testFile] };
  });
}

function write(request: MessagesRequest, path: string, content: string): Turn {
  const folder = workingDirectory(request);
  return { text: `I write ${path}.`, tools: [{ name: 'Write', input: { file_path: join(folder, path), content } }] };
}

/** Claude Code tells it in a place that depends on the model, again when a session goes on elsewhere; the newest counts. */
export function workingDirectory(request: MessagesRequest): string {
  const found = [
    ...everyText(request)
      .join('\n')
      .matchAll(/primary working directory: (.+)/gi),
  ].at(-1)?.[1];
  if (found === undefined) throw new Error('the scripted model finds no working directory in the request');
  return found.trim();
}
