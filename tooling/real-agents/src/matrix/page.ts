import type { Capabilities } from '@pawl/provider';
import { type Row, verbs } from './row.ts';

/** One that nobody here can run; what it can do is what its adapter says. */
export interface Untried {
  readonly agent: string;
  readonly title: string;
  readonly capabilities: Capabilities;
  readonly why: string;
}

const facets = ['sessions', 'access', 'limits', 'reports', 'output'] as const;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** docs/providers/matrix.md. */
export function matrixPage(rows: readonly Row[], untried: readonly Untried[]): string {
  const tried = rows.map((row) => [row.agent, ...verbs.map((verb) => row.cells[verb])]);
  const not = untried.map(({ agent }) => [agent, ...verbs.map(() => 'not run')]);
  const able = [...rows, ...untried].map(({ agent, title, capabilities }) => [
    agent,
    title,
    ...facets.map((facet) => capabilities[facet].join(', ') || 'none'),
  ]);
  return `# What each agent can do

<!-- Written by \`pnpm matrix\` from the live runs and probes in tooling/real-agents/golden. Do not edit. -->

Each cell of the first table is from a run of the real CLI in front of a scripted model; \`pnpm test:agents\` runs them all again and
fails when one changes. \`works\`: it did what the column says, looked at from outside (what was sent to the model, what lies on
disk, which processes are left). \`refused by name\`: pawl says that this agent cannot do it, and nothing was started.

${table(['agent', ...verbs], [...tried, ...not])}

- **fork**: the copy was sent the past of its source, and the source was sent nothing of the copy.
- **stop**: in the middle of an answer; no process was left.
- **limits**: two turns at most, kept by the CLI where it has a flag (\`limits\` below), else by pawl from what it prints.
- **structured output**: of an \`artifact\` step of a real run, held to its schema. By the CLI where \`output\` says so below, else pawl
  reads the last message, checks it, and sends back what is wrong.
- **cost**: measured in the agent's own figures. Where it tells none the turn's cost is \`unknown\`, never zero: under a budget the workflow
  is warned, ended or estimated, as \`unknown_cost\` says.
${untried.map(({ agent, why }) => `- **${agent}**: ${why}`).join('\n')}

## Capabilities

As the probe of the installed version tells them. What is not listed is refused before anything is started, and \`pawl agents\` shows what
is installed here.

${table(['agent', 'adapter for', ...facets], able)}
`;
}
