import { wrap } from '@pawl/report';
import type { Command } from 'commander';

/** What belongs together, in the order in which it is needed. What is in none of them stands under `more`. */
const groups: Readonly<Record<string, readonly string[]>> = {
  begin: ['init', 'doctor', 'agents', 'models', 'workflows'],
  run: ['run', 'resume', 'replay', 'attach', 'pause', 'abort'],
  answer: ['approve', 'reject', 'answer'],
  look: ['status', 'list', 'logs', 'diff', 'report', 'explain'],
  'take over': ['apply', 'undo', 'gc'],
  more: ['sessions', 'config', 'dashboard', 'completion'],
};

const first = [
  ['pawl init', 'a first workflow that fits your project'],
  ['pawl run first --spec FILE', 'run it; --dry-run shows the plan first'],
  ['pawl diff, pawl apply', 'look at what it made, bring it to your branch'],
  ['pawl report', 'what it did, took and cost'],
  ['pawl resume', 'go on with a run that failed or was stopped'],
] as const;

/** `pawl --help`: all commands on one screen, and where to go from there. */
export function overview(program: Command, width: number): string {
  const names = program.commands.map((command) => command.name());
  const grouped = Object.values(groups).flat();
  const loose = names.filter((name) => !grouped.includes(name));
  const lines = Object.entries(groups).flatMap(([group, members]) => {
    const there = [...members, ...(group === 'more' ? loose : [])].filter((name) => names.includes(name));
    const [head = '', ...rest] = wrap(there.join('  '), Math.max(16, width - 11));
    return [`${group.padEnd(11)}${head}`, ...rest.map((line) => `${' '.repeat(11)}${line}`)];
  });
  const wide = Math.max(...first.map(([command]) => command.length));
  const begin = first.flatMap(([command, purpose]) =>
    width >= wide + purpose.length + 5
      ? [`  ${command.padEnd(wide)}  ${purpose}`]
      : [`  ${command}`, ...wrap(purpose, width - 6).map((line) => `      ${line}`)],
  );
  return [
    ...wrap(program.description(), width),
    '',
    ...lines,
    '',
    ...begin,
    '',
    ...wrap('pawl help <command> says more on one; --json gives data everywhere.', width),
    '',
  ].join('\n');
}
