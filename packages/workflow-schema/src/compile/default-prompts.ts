import type { AgentStep, Template } from '@pawl/core';

/** What an agent is told where the workflow does not say it. */
export function defaultPrompt(kind: AgentStep['kind'], parallel: boolean): Template {
  if (kind === 'split') return planningPrompt(parallel ? sideBySide : inOrder);
  return kind === 'validate' ? reviewPrompt : [];
}

const inOrder: Template = [
  ['- Each task can be done, tested and committed by itself, in the order you give.'],
  ['- A task that another one needs comes before it. Prefer few tasks; one is fine.'],
];
const sideBySide: Template = [
  ['- The tasks are done at the same time, each in a copy of the project, and put together afterwards.'],
  ['- No task may need another one, and no two may change the same file. Prefer few tasks; one is fine.'],
];

const planningPrompt = (rules: Template): Template => [
  ['Read the specification below and the parts of the project that it touches. Split the work into tasks.'],
  [],
  ...rules,
  ['- Say in the description what must be true when the task is done, in enough detail for somebody who has not read'],
  ['  the specification.'],
  [
    '- List the files the task may create or change, as paths or globs relative to the project. Tests belong to the task.',
  ],
  ['- Do not change any file now.'],
  [],
  ['Specification:'],
  [],
  [{ ref: 'spec' }],
];

const reviewPrompt: Template = [
  [
    'Review the work in this project against the specification below. Read the code and run what helps you to judge it,',
  ],
  ['but change nothing.'],
  [],
  [
    'Let it pass only if the specification is met, the tests would fail without the change, and nothing else was broken.',
  ],
  ['Otherwise say, for every problem, the file, what is wrong and what would make it right.'],
  [],
  ['Specification:'],
  [],
  [{ ref: 'spec' }],
];

/** For who brings two lanes together; the core adds which files, and what the marks mean. */
export const conflictPrompt = (ofTask: boolean): Template => [
  [
    'Two pieces of work were done at the same time, each in a copy of the project, and change the same places. What was',
  ],
  ['done before and the work of this copy are both in the files below. Make one of them, in which both do what they'],
  ['were made for, remove the conflict marks, and change nothing else.'],
  ...(ofTask ? [[], ['The task of this copy:'], [], [{ ref: 'task', field: 'description' } as const]] : []),
  [],
  ['Specification of the whole:'],
  [],
  [{ ref: 'spec' }],
];
