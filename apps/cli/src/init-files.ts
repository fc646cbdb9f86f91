import { workflowJsonSchema } from '@pawl/workflow-schema';
import { stringify } from 'yaml';

export interface InitChoice {
  /** A name that a workflow can use; undefined: no agent was found. */
  readonly agent: string | undefined;
  readonly commands: Readonly<Partial<Record<'compile' | 'test' | 'lint' | 'coverage', string>>>;
}

/** What a run is given, to begin with. */
export const specName = '.pawl/spec.md';

/** What `pawl init` writes: file names to texts, fitted to the project. */
export function initFiles(choice: InitChoice): Readonly<Record<string, string>> {
  return {
    '.pawl/config.yaml': configText(choice),
    '.pawl/workflows/first.yaml': workflowText(choice),
    '.pawl/schema/workflow.json': `${JSON.stringify(workflowJsonSchema(), undefined, 2)}\n`,
    '.pawl/conventions.md': conventionsText,
    [specName]: specText,
  };
}

const value = (text: string): string => stringify(text, { lineWidth: 0 }).trim();

function configText({ agent, commands }: InitChoice): string {
  const line = (kind: keyof InitChoice['commands'], otherwise: string): string =>
    commands[kind] === undefined ? `  # ${kind}: ${otherwise}` : `  ${kind}: ${value(commands[kind])}`;
  const named = agent === undefined ? '# No agent was found: pawl agents says how to get one.\n' : '';
  const lines = [
    line('compile', 'npm run build'),
    line('test', 'npm test'),
    line('lint', 'npm run lint'),
    line('coverage', 'npm run coverage'),
  ];
  const some = Object.keys(commands).length > 0;
  // Last: what stands below keys in a file is taken to belong to them.
  return `# What pawl knows of this repository. Every key may be left out; pawl config list shows what holds.

${named}# Agents under names of your own, beside the built-in ones (pawl agents, pawl models).
# agents:
#   stub: { provider: script, options: { command: ["node", "tools/agent.mjs"] } }
#   careful: { provider: claude, model: opus }

# In each new worktree, before anything else:
# setup: npm ci

# gate_timeout: 10m
# max_parallel: 4            # lanes at once where a workflow does not say
# no_progress: escalate      # the same failure with the same files twice: stop, escalate or ignore
# unknown_cost: warn         # a turn that tells no cost under a budget: warn, fail or estimate

# What the gates compile, test, lint and coverage run.
${some ? 'commands:' : '# commands:'}
${some ? lines.join('\n') : lines.map((each) => each.replace('  # ', '#   ')).join('\n')}
`;
}

function workflowText({ agent, commands }: InitChoice): string {
  const gates = (['compile', 'lint', 'test'] as const).filter((kind) => commands[kind] !== undefined);
  const gate = gates.length === 0 ? `["bash: 'git diff --check HEAD'"]` : `[${gates.join(', ')}]`;
  const name = agent ?? 'claude';
  return `# yaml-language-server: $schema=../schema/workflow.json
# Run it: pawl run first --spec .pawl/spec.md      Look before: add --dry-run
name: first
description: Build what the specification says, in one step, under the gates of this project.

steps:
  - name: build
    type: code
    agent: ${name}
    prompt: |
      Build what this specification asks for. Add tests for it.

      {spec}
    # Every gate must pass. One that fails sends the step back, with its output.
    gate: ${gate}
    # The attempts there are; the last one starts again from the files as they were.
    retry:
      - { attempt: 3, worktree: reset, session: new }
      - { exit: 4 }

  # Somebody who did not write it looks at it; its verdict is the last word.
  - name: review
    type: validate
    agent: ${name}
    prompt: |
      Judge whether the changes do what the specification asks for, and nothing else.

      {spec}
`;
}

const conventionsText = `<!-- What every agent is told, in each prompt. Write here what a newcomer to this project must know. -->
`;

const specText = `# What shall be built

Say what is wanted, and how one sees that it is there. An example:

The program greets by name: \`greet Ada\` prints "Hello, Ada!". Without a name it prints "Hello!".
`;
