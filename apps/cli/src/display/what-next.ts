import type { RunState } from '@pawl/core';
import { plainLine } from '@pawl/report';
import { type Question, questionsOf } from '../questions.ts';
import { shellWord } from '../shell-word.ts';

type Next = readonly (readonly [command: string, purpose: string])[];

/** The commands that come next, each with what it is for. */
export function whatNext(state: RunState): string {
  const next = nextOf(state);
  const wide = Math.max(...next.map(([command]) => command.length));
  return `\n${next.map(([command, purpose]) => `  ${command.padEnd(wide)}   ${purpose}`).join('\n')}`;
}

function nextOf(state: RunState): Next {
  const { run: id, status, failure } = state;
  // A workflow that only judges has nothing to bring over.
  if (status === 'passed' && (state.lanes.main?.head ?? state.plan.base.commit) === state.plan.base.commit)
    return [[`pawl report ${id}`, 'what it found and took; no file changed']];
  if (status === 'passed')
    return [
      [`pawl diff ${id}`, 'what changed'],
      [`pawl apply ${id}`, 'bring it to your branch'],
      [`pawl report ${id}`, 'what it took'],
    ];
  const asked = questionsOf(state);
  if (asked.length > 0 && status === 'interrupted') {
    const only = asked.length === Object.keys(state.open).length;
    const purpose = only ? 'be asked again, nothing runs anew' : 'go on where it was, and be asked again';
    return [[`pawl resume ${id}`, purpose], ...answersTo(id, asked)];
  }
  if (asked.length > 0) return answersTo(id, asked);
  const detail = failure?.step ? ` --detail ${shellWord(failure.step)}` : '';
  const where = failure?.step ? `go on at ${plainLine(failure.step)}` : 'go on';
  const why = new Set(Object.values(state.frames).map((frame) => frame.failure?.reason));
  const usedUp = why.has('run-limit');
  return [
    [`pawl report ${id}${detail}`, 'what happened'],
    [`pawl diff ${id}`, 'what passed so far'],
    ...(why.has('conflict') ? [[`git branch --list 'pawl/${id}/*'`, 'the lanes, each as it is'] as const] : []),
    [`pawl resume ${id}`, usedUp ? `${where}, but what it has spent counts on` : `${where}, all that passed stays`],
    ...(failure?.step
      ? [
          [
            `pawl replay ${id} --from-step ${shellWord(failure.step)}`,
            usedUp
              ? 'raise the limit in the workflow first: counted anew, as a new run'
              : 'that step afresh, as a new run',
          ] as const,
        ]
      : []),
  ];
}

function answersTo(id: string, asked: readonly Question[]): Next {
  const [first] = asked;
  if (!first) return [];
  const step = asked.length > 1 ? ` --step ${shellWord(first.step)}` : '';
  const stop = [`pawl abort ${id}`, 'stop the run'] as const;
  if (first.question === 'interrupted')
    return [
      [`pawl approve ${id}${step}`, `${plainLine(first.step)} goes on in its conversation`],
      [`pawl reject ${id}${step}`, 'a new conversation, with the files as they are'],
      stop,
    ];
  return [
    [`pawl approve ${id}${step}`, `${plainLine(first.step)} is well, go on`],
    [`pawl reject ${id}${step} --comment "…"`, 'do it again, with what you say'],
    stop,
  ];
}
