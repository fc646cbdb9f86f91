import type { CommandEntry } from './reference.ts';

/** docs/cli.md: written by the program, never by hand. */
export function markdownReference(entries: readonly CommandEntry[], overview: string): string {
  const parts = entries.map(({ name, usage, description, options, notes }) => {
    const rows = options.map(({ flags, description: text }) => `| \`${cell(flags)}\` | ${cell(text)} |`);
    return [
      `## ${name}`,
      `${capital(description)}.`,
      `    ${usage}`,
      ...(rows.length > 0 ? [['| option | |', '|---|---|', ...rows].join('\n')] : []),
      ...(notes === '' ? [] : [['```text', notes, '```'].join('\n')]),
    ].join('\n\n');
  });
  return `# The command line

This page is written by the program (\`node apps/cli/scripts/write-reference.ts\`), and a test holds it to that. \`pawl help <command>\` says the same in
a terminal.

    ${overview.trimEnd().replaceAll('\n', '\n    ').replace(/ +$/gm, '')}

Everywhere: \`--json\` gives data on standard output, errors too
(\`{ "version": 1, "error": { "code", "message", "hint" } }\`); text for people goes to standard error. A run is named by the beginning of its id where
no other begins so, a step by the end of its path. Exit codes: 0 passed, 1 failed, 2 wrong usage or an invalid workflow, 3 waiting for a person, 4 aborted or interrupted,
5 something is missing on this machine.

${parts.join('\n\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
