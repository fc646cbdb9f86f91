import { shapesOf } from './shapes.ts';

/** The whole of docs/json.md. */
export function jsonDocument(): string {
  const link = (name: string): string => `[${name}](../apps/cli/schemas/${name}.schema.json)`;
  const rows = Object.entries(shapesOf).map(
    ([command, names]) => `| \`pawl ${command}\` | ${names.map(link).join(', ')} |`,
  );
  return `${[
    '# JSON for scripts',
    'Every command with `--json` writes data to standard output and nothing else; text for people goes to standard error. Each shape is a JSON Schema (draft 2020-12), shipped with the program in its folder `schemas`; what the commands print is held against them in the tests.',
    [
      '- An answer is one object on one line, with `version`. Within a version fields are only added, so readers should ignore what they do not know. A field that is absent is not known or does not apply; that is not zero.',
      `- A refusal is one object too: ${link('error')}. \`error.code\` is stable, \`error.message\` is for people, \`error.hint\` is a command or a change that works. The exit code says the kind: 1 the run failed, 2 wrong usage, 3 waiting for a person, 4 aborted or interrupted, 5 the environment.`,
      '- Commands that make a run work print one event a line, as it is stored, with its `sequence`; where a person must answer, the last line names the question. Events are never changed; new types may come, and the schema of a version names those that it knows.',
      '- Money is three figures that are never added: `measuredUsd` as agents said, `estimatedUsd` by a list of prices, `unpriced` runs whose cost nobody knows.',
    ].join('\n'),
    ['| command | shapes |', '|---|---|', ...rows].join('\n'),
    'What the figures mean, and how sure each one is: [metrics](metrics.md).',
  ].join('\n\n')}\n`;
}
