import type { Capabilities } from '@pawl/provider';
import { type Column, type Row, situationNames, verbs } from './row.ts';

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
  const cellsOf = (columns: readonly Column[]) => [
    ...rows.map((row) => [row.agent, ...columns.map((column) => row.cells[column])]),
    ...untried.map(({ agent }) => [agent, ...columns.map(() => 'not run')]),
  ];
  const able = [...rows, ...untried].map(({ agent, title, capabilities }) => [
    agent,
    title,
    ...facets.map((facet) => capabilities[facet].join(', ') || 'none'),
  ]);
  return `# What each agent can do

<!-- Written by \`pnpm matrix\` from the live runs and probes in tooling/real-agents/golden. Do not edit. -->

Each cell of the first two tables is from a run of the real CLI in front of a scripted model; \`pnpm test:agents\` runs them all again and
fails when one changes. \`works\`: it did what the column says, looked at from outside (what was sent to the model, what lies on
disk, which processes are left). \`not run\`: no run has shown it yet. \`refused by name\`: pawl says that this agent cannot do it, and nothing was started.

${table(['agent', ...verbs], cellsOf(verbs))}

- **fork**: the copy was sent the past of its source, and the source was sent nothing of the copy.
- **stop**: in the middle of an answer; no process was left.
- **limits**: two turns at most, kept by the CLI where it has a flag (\`limits\` below), else by pawl from what it prints; and the session goes on
  with a higher one.
- **structured output**: of an \`artifact\` step of a real run, held to its schema. By the CLI where \`output\` says so below, else pawl
  reads the last message, checks it, and sends back what is wrong.
- **cost**: measured in the agent's own figures. Where it tells none the turn's cost is \`unknown\`, never zero: under a budget the workflow
  is warned, ended or estimated, as \`unknown_cost\` says.
${untried.map(({ agent, why }) => `- **${agent}**: ${why}`).join('\n')}

## What happens around a turn

One test for each column, the same for every agent. In each of them no process is left.

${table(['agent', ...situationNames], cellsOf(situationNames))}

- **wrong session id**: \`session-not-found\`, never a new conversation, and the model hears nothing; also to fork, and to continue where there is none.
- **HTTP 401**, **429**, **5xx**: \`not-signed-in\`; \`rate-limited\` and \`internal\` or \`overloaded\`, which can be tried again; after the CLI's own tries.
- **cut stream**: the CLI begins the answer anew, or it is a failure of the \`network\` that can be tried again; half an answer is never taken for one.
- **stop during a tool**: of a command that ignores every signal; what was begun is gone on with afterwards.
- **stop during a retry**: of the CLI's own, behind a server that fails.
- **two at once**: in one folder, with one home.
- **MCP server**: one of the option \`mcpServers\`, with a variable; a tool of it is called by a step that may edit, over ACP by one with full access: who may
  only edit is denied there what names no path.
- **extra directories**: one of the option \`directories\`; a step that may edit writes there, and without the option it does not.
- **effort**: of the option \`effort\`; the model is asked with it, be it low or high.

## Capabilities

As the probe of the installed version tells them. What is not listed is refused before anything is started, and \`pawl agents\` shows what
is installed here.

${table(['agent', 'adapter for', ...facets], able)}
`;
}
