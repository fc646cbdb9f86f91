import { isAgentStep, type Plan, type PlannedStep } from '@pawl/core';
import {
  conditionText,
  conflictText,
  contextText,
  cut,
  gateText,
  guardText,
  limitText,
  plainLine,
  retryText,
  sessionText,
  templateText,
} from '@pawl/report';
import type { Screen } from '../terminal.ts';
import { costText } from './plan-cost.ts';
import { type Given, sourcesOf } from './plan-sources.ts';

/** Enough to know it again. */
const promptChars = 100;

/** The resolved plan as a tree: what would run, by whom, checked how. Nothing is created, no agent is called. */
export function dryRun(plan: Plan, screen: Screen): string {
  const { workflow, spec, base, limits, inputs } = plan;
  const fact = (label: string, text: string): string =>
    screen.paragraph([['dim', label.padEnd(8)]], plainLine(text)).join('\n');
  const facts = [
    screen.line(['bold', plainLine(workflow.name)]),
    ...(workflow.description === undefined ? [] : screen.paragraph([], plainLine(workflow.description))),
    fact('from', workflow.source),
    fact('spec', `${spec.source} (${Buffer.byteLength(spec.text)} bytes)`),
    fact('base', `${base.branch ?? 'detached'}@${base.commit.slice(0, 8)} of ${base.repository}`),
    fact('limits', limitText(limits) || 'none for the whole run'),
    fact('cost', `at most ${costText(plan)}`.replace('at most not bounded', 'not bounded')),
    ...Object.entries(inputs).map(([name, value]) => fact('set', `${name}=${value}`)),
  ];
  const agents = Object.values(plan.agents).map(({ name, provider, model }) =>
    fact('agent', `${name}: ${provider}${model === undefined ? '' : `, model ${model}`}`),
  );
  const steps = plan.steps.flatMap((step, index) =>
    stepLines(step, { number: `${index + 1}`, indent: '', screen, given: inputs }),
  );
  return [...facts, ...agents, '', ...steps].join('\n');
}

interface Place {
  readonly number: string;
  readonly indent: string;
  readonly screen: Screen;
  readonly given: Given;
}

function stepLines(step: PlannedStep, place: Place): readonly string[] {
  const { number, indent, screen } = place;
  const inner = `${indent}   `;
  const detail = (label: string, text: string): readonly string[] =>
    text === '' ? [] : screen.paragraph([inner, ['dim', `${label}: `]], plainLine(text));
  const gates = step.gates.map(gateText).join(', ');
  const alone = step.kind === 'gate' && step.when === undefined && step.pause === undefined && step.retry.attempts <= 1;
  return [
    ...screen.paragraph([`${indent}${number}. `, ['bold', step.name], '  '], alone ? `gates: ${gates}` : about(step)),
    ...(step.when ? detail('when', conditionText(step.when)) : []),
    ...ownLines(step, detail),
    ...(alone ? [] : detail('gates', gates)),
    ...(step.pause
      ? detail('asks', step.pause === 'after_gate' ? 'a person, after the gates' : 'a person, before the gates')
      : []),
    ...detail('retry', retryText(step.retry)),
    ...(isAgentStep(step) ? detail('prompt', cut(plainLine(templateText(step.prompt)), promptChars)) : []),
    ...detail('reads', sourcesOf(step, place.given).join(', ')),
    ...servingLines(step, inner, place),
    ...insideLines(step, inner, place),
  ];
}

type Detail = (label: string, text: string) => readonly string[];

function ownLines(step: PlannedStep, detail: Detail): readonly string[] {
  if (step.kind === 'gate') return [];
  if (step.kind === 'group')
    return [
      ...(step.loop ? detail('loop', `until ${conditionText(step.loop.until)}, at most ${step.loop.max} rounds`) : []),
      ...detail('conflict', conflictText(step.parallel)),
    ];
  if (step.kind === 'call')
    return [
      ...detail(
        'with',
        Object.entries(step.inputs)
          .map(([name, value]) => `${name}=${cut(plainLine(templateText(value)), 40)}`)
          .join(', '),
      ),
      ...detail('limits', limitText(step.limits)),
    ];
  return [
    ...detail('session', sessionText(step.session)),
    ...detail('context', step.context.map(contextText).join(', ')),
    ...detail('guard', guardText(step.guard)),
    ...detail('conflict', conflictText(step.parallel)),
  ];
}

function about(step: PlannedStep): string {
  switch (step.kind) {
    case 'gate':
      return 'gates only';
    case 'group':
      return step.parallel ? `group, ${sideBySide(step.parallel)}` : 'group, one after the other';
    case 'call':
      return `workflow ${step.workflow.name}, ${step.workflow.source}`;
    default:
      return [
        step.kind,
        ...(step.agent
          ? [`agent ${templateText(step.agent)}`, `access ${step.access}`]
          : ['no agent: gates only judge']),
        ...(step.worktree === 'none' ? ['sees no file of the project'] : []),
      ].join(', ');
  }
}

const sideBySide = ({ max }: { readonly max?: number }): string =>
  max === undefined ? 'side by side' : `at most ${max} side by side`;

/** The workflows that are asked before, between and after its attempts. */
function servingLines(step: PlannedStep, indent: string, { number, screen }: Place): readonly string[] {
  const calls = [
    ...(isAgentStep(step) && step.get ? [{ why: 'before each attempt', call: step.get }] : []),
    ...step.gates.flatMap((gate) => (gate.kind === 'validate' ? [{ why: `gate ${gate.name}`, call: gate.call }] : [])),
    ...step.retry.entries.flatMap(({ validate, attempt }) =>
      validate ? [{ why: `asked before attempt ${attempt}`, call: validate }] : [],
    ),
  ];
  return calls.flatMap(({ why, call }, index) => [
    `${indent}${why}:`,
    ...stepLines(call, { number: `${number}.${'abcdefgh'[index] ?? index}`, indent, screen, given: call }),
  ]);
}

function insideLines(step: PlannedStep, indent: string, place: Place): readonly string[] {
  if (step.kind === 'gate') return [];
  const inside = isAgentStep(step) ? step.each : step.steps;
  const { number, screen } = place;
  const given = step.kind === 'call' ? step : place.given;
  const head =
    isAgentStep(step) && inside.length > 0
      ? [`${indent}for each task${step.parallel ? `, ${sideBySide(step.parallel)}` : ''}:`]
      : [];
  return [
    ...head,
    ...inside.flatMap((child, index) => stepLines(child, { number: `${number}.${index + 1}`, indent, screen, given })),
  ];
}
