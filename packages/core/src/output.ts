import type { Json, JsonObject } from '@pawl/provider';
import type { Expected, OutputCandidate, Text } from './effects.ts';
import type { AgentStep, Task } from './plan.ts';

/** What a step must produce: its kind says it, or a schema gate on a code step. */
export function expectedOf(step: AgentStep): Expected {
  if (step.kind === 'split') return 'tasks';
  if (step.kind === 'validate') return 'verdict';
  if (step.kind === 'artifact') return 'artifact';
  const schema = step.gates.find((gate) => gate.kind === 'schema');
  return schema?.kind === 'schema' ? schema.schema : 'changes';
}

/** The JSON Schema an agent is held to. The root is an object: some CLIs take no other. */
export const outputSchemas: Readonly<Record<'tasks' | 'verdict', JsonObject>> = {
  tasks: {
    type: 'object',
    required: ['tasks'],
    properties: {
      tasks: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'description'],
          properties: {
            name: { type: 'string', description: 'Short and unique, without slashes, such as add-login' },
            description: { type: 'string', description: 'Everything the engineer of this task needs to know' },
            files: { type: 'array', items: { type: 'string' }, description: 'Globs of the files the task may change' },
          },
        },
      },
    },
  },
  verdict: {
    type: 'object',
    required: ['pass'],
    properties: {
      pass: { type: 'boolean' },
      comments: { type: 'string', description: 'What must change; needed when pass is false' },
    },
  },
};

export interface Verdict {
  readonly pass: boolean;
  readonly comments: string;
}
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** The first candidate that satisfies the schema; else the problem of the best one. */
export function readOutput<T>(candidates: readonly OutputCandidate[], read: (json: Json) => Read<T>): Read<T> {
  const results = candidates.map((candidate): Read<T> => {
    const result =
      'json' in candidate ? read(candidate.json) : refuse('error' in candidate ? candidate.error : 'not JSON');
    return result.ok ? result : refuse(`${sourceNames[candidate.source]}: ${result.problem}`);
  });
  return (
    results.find((result) => result.ok) ??
    results[0] ??
    refuse('no JSON was found: end the final message with one JSON block')
  );
}
const sourceNames = { schema: 'structured output', message: 'last JSON block', file: 'output file' } as const;

/** `[{ name, description, files? }]`, or the same under `tasks`. */
export function readTasks(json: Json): Read<readonly Task[]> {
  const list = isObject(json) ? json.tasks : json;
  if (!Array.isArray(list)) return refuse('a list of tasks is expected: [{ "name": …, "description": … }]');
  const tasks: Task[] = [];
  const names = new Set<string>();
  for (const [index, item] of list.entries()) {
    const at = `task ${index + 1}`;
    if (!isObject(item)) return refuse(`${at} is not an object`);
    const { name, description } = item;
    const files = item.files ?? [];
    if (typeof name !== 'string') return refuse(`${at} has no name`);
    const problem = nameProblem(name.trim());
    if (problem) return refuse(`${at}: the name ${JSON.stringify(name)} ${problem}`);
    if (typeof description !== 'string' || !description.trim()) return refuse(`${at} (${name}) has no description`);
    if (!Array.isArray(files) || files.some((file) => typeof file !== 'string' || !file.trim()))
      return refuse(`${at} (${name}): files must be a list of paths or globs`);
    // Some file systems fold case and compose accents; so do our folder names.
    const key = name.trim().normalize('NFC').toLowerCase();
    if (names.has(key)) return refuse(`two tasks are named ${JSON.stringify(name)}: names must differ`);
    names.add(key);
    tasks.push({ name: name.trim(), description: description.trim(), files: files.map((file) => String(file).trim()) });
  }
  return { ok: true, value: tasks };
}

/** What `output-accepted` holds of a split. */
export function parseTasks(output: Text | undefined): readonly Task[] {
  const read = readTasks(JSON.parse(typeof output === 'string' ? output : '[]') as Json);
  return read.ok ? read.value : [];
}

/** A task's name is a segment of paths: of steps, of folders, on a command line. */
function nameProblem(name: string): string | undefined {
  if (!name) return 'is empty';
  if (name.length > 100) return 'is longer than 100 characters';
  if (/[/\\]/.test(name)) return 'holds a slash: use a dash';
  if (/\p{C}/u.test(name)) return 'holds a control character';
  if (/^[.-]/.test(name)) return 'starts with a dot or a dash';
  if (/[#:@|]/.test(name)) return 'holds # : @ or |, which name attempts';
  if (['gate', 'get', 'retry'].includes(name)) return 'is a word that paths use';
  return undefined;
}

/** `{ pass, comments }`; comments are needed when it did not pass. */
export function readVerdict(json: Json): Read<Verdict> {
  if (!isObject(json)) return refuse('a verdict is expected: { "pass": true | false, "comments": … }');
  const { pass } = json;
  const comments = json.comments ?? json.comment ?? '';
  if (typeof pass !== 'boolean') return refuse('pass must be true or false');
  if (typeof comments !== 'string') return refuse('comments must be text');
  if (!pass && !comments.trim()) return refuse('comments are needed when pass is false');
  return { ok: true, value: { pass, comments } };
}

const refuse = (problem: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem });
const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
