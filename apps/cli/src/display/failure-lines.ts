import type { Failure, GateReport } from '@pawl/core';
import { excerpt, formatDuration, plainLine, plainText } from '@pawl/report';
import type { Screen } from '../terminal.ts';

const mostLines = 8;

/** A gate has shown why already; a verdict's comments, and whatever else is long, stand behind the message. */
export function failureLines(attempt: string, failure: Failure, screen: Screen, verbose: boolean): readonly string[] {
  const message = plainLine(failure.message);
  const head = screen.paragraph(['  ', ['red', '✗'], ' '], `${attempt}: ${message}`);
  if (failure.reason === 'gate' || (failure.reason !== 'verdict' && !verbose)) return head;
  const behind = shown(failure.text, verbose).filter((line) => line !== '' && !message.endsWith(plainLine(line)));
  return [...head, ...behind.flatMap((line) => screen.paragraph(['      '], line, 'dim'))];
}

const shown = (output: string, verbose: boolean): readonly string[] =>
  verbose ? plainText(output).trimEnd().split('\n') : excerpt(output, mostLines);

export function gateLines(name: string, gate: GateReport, screen: Screen, verbose: boolean): readonly string[] {
  if (gate.skipped !== undefined)
    return screen.paragraph([['dim', '  – ']], `${name} skipped: ${plainLine(gate.skipped)}`, 'dim');
  // A gate that has a name of its own says by it what it runs; one that failed is told in full.
  const told = !gate.pass || /\bbash_\d+$/.test(name);
  const facts = [
    ...(gate.durationMs >= 100 ? [formatDuration(gate.durationMs)] : []),
    ...(gate.pass || gate.exitCode === undefined ? [] : [`exit ${gate.exitCode}`]),
    ...(told && gate.command !== undefined ? [plainLine(gate.command)] : []),
  ].join(' · ');
  const line = screen.line('  ', gate.pass ? ['green', '✓'] : ['red', '✗'], ` ${name} `, ['dim', facts]).trimEnd();
  if (gate.pass) return [line];
  return [line, ...shown(gate.failure ?? '', verbose).map((text) => screen.line(['dim', `      ${text}`]))];
}
