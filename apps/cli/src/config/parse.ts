import type { Diagnostic } from '@pawl/workflow-schema';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Problem, problemsOf } from './problems.ts';
import { type ConfigFile, configSchema } from './schema.ts';

export interface ParsedConfig {
  /** Undefined when there is an error. */
  readonly config?: ConfigFile;
  readonly diagnostics: readonly Diagnostic[];
}

const maxAliases = 20;

/** The text of `.pawl/config.yaml`, with everything that is wrong with it where it stands. Never throws. */
export function parseConfig(text: string, file: string): ParsedConfig {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const at = ([start, end]: Offsets, { message, hint, code }: Omit<Problem, 'path'>): Diagnostic => {
    const [from, to] = [counter.linePos(start), counter.linePos(Math.max(start, end))];
    const range = { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
    return { code, severity: 'error', message, ...(hint !== undefined && { hint }), file, ...range };
  };
  const syntax = (pos: Offsets, message: string): Diagnostic => at(pos, { message, code: 'yaml-syntax' });
  if (document.errors.length > 0)
    return { diagnostics: document.errors.map(({ pos, message }) => syntax(pos, message.split('\n', 1)[0] ?? '')) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases }) ?? {};
  } catch {
    return { diagnostics: [syntax([0, 1], `more than ${maxAliases} aliases: write the values out`)] };
  }
  const read = configSchema.safeParse(value);
  if (read.success) return { config: read.data, diagnostics: [] };
  const problems = read.error.issues.flatMap(problemsOf);
  return { diagnostics: once(problems.map((problem) => at(offsetsOf(document.contents, problem), problem))) };
}

/** In the order of the text; of a value that is wrong in two ways the first is told. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const place = `${diagnostic.line}:${diagnostic.column}`;
    if (!found.has(place)) found.set(place, diagnostic);
  }
  return [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

type Offsets = readonly [start: number, end: number];

/** Of the value that a path leads to, or of a key in it; of the deepest node that is there. */
function offsetsOf(root: Node | null, { path, key }: Problem): Offsets {
  let found: unknown = root;
  for (const part of path) {
    const next: unknown = isMap(found) || isSeq(found) ? found.get(part, true) : undefined;
    if (next === undefined || next === null) break;
    found = next;
  }
  const keys = key !== undefined && isMap(found) ? found.items.map((item) => item.key) : [];
  const named = keys.find((each) => isScalar(each) && String(each.value) === key);
  const [start = 0, end = 1] = rangeOf(named) ?? rangeOf(found) ?? [];
  return [start, end];
}

const rangeOf = (node: unknown): readonly number[] | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : undefined;
