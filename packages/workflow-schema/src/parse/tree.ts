import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Range } from '../diagnostics/diagnostic.ts';
import type { Lines } from '../diagnostics/lines.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Report } from '../diagnostics/report.ts';
import { createEntries } from './entries.ts';
import type { MapNode, Node, ScalarNode } from './node.ts';
import type { SessionLines } from './session-line.ts';
import type { ValidateLines } from './validate-lines.ts';

const deepest = 50;
/** Aliases count as what they stand for, so that a few lines cannot grow into millions of nodes. */
const mostNodes = 50_000;

export interface TreeSource {
  readonly lines: Lines;
  readonly rewritten: SessionLines;
  readonly validators: ValidateLines;
  readonly report: Report;
}

/** Undefined when a part of it could not be followed: an alias, a depth or a size beyond the bounds. */
export function buildTree(
  document: Document.Parsed,
  { lines, rewritten, validators, report }: TreeSource,
): Node | undefined {
  const anchors = new Map<string, { node: Node; size: number } | 'open'>();
  let size = 0;
  let full = false;
  let broken = false;

  const rangeOf = (node: { range?: readonly [number, number, number] | null | undefined }): Range =>
    lines.range(node.range?.[0] ?? 0, node.range?.[1] ?? 0);

  const count = (nodes: number, range: Range): boolean => {
    size += nodes;
    if (size <= mostNodes) return true;
    if (!full) report.error('too-large', range, `more than ${mostNodes} values (aliases count as what they stand for)`);
    full = true;
    broken = true;
    return false;
  };

  const build = (node: ParsedNode | null | undefined, depth: number, at: Range): Node => {
    const range = node?.range ? rangeOf(node) : at;
    if (!node || !count(1, range)) return nothing(range);
    if (depth > deepest) {
      report.error('too-large', range, `nested deeper than ${deepest} levels`);
      broken = true;
      return nothing(range);
    }
    if (isAlias(node)) return follow(node.source, range);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, 'open');
    const before = size;
    const built = buildValue(node, depth, range);
    if (anchor !== undefined) anchors.set(anchor, { node: built, size: size - before + 1 });
    return built;
  };

  const follow = (name: string, range: Range): Node => {
    const target = anchors.get(name);
    if (target !== undefined && target !== 'open') return count(target.size, range) ? target.node : nothing(range);
    broken = true;
    const message =
      target === 'open' ? `the alias ${quote(`*${name}`)} holds itself` : `no anchor ${quote(`&${name}`)}`;
    report.error(
      'yaml-syntax',
      range,
      message,
      `a value that starts with \`*\` is an alias; a glob needs quotes: "*${name}"`,
    );
    return nothing(range);
  };

  const buildValue = (node: ParsedNode, depth: number, range: Range): Node => {
    if (isMap(node)) return buildMap(node as YAMLMap.Parsed, depth, range);
    if (isSeq(node)) {
      return { kind: 'list', range, items: node.items.map((item) => build(item as ParsedNode, depth + 1, range)) };
    }
    return isScalar(node) ? buildScalar(node as Scalar.Parsed, range) : nothing(range);
  };

  const buildMap = (map: YAMLMap.Parsed, depth: number, range: Range): MapNode => {
    const entries = createEntries(report);
    for (const { key, value } of map.items) {
      const keyRange = key?.range ? rangeOf(key) : range;
      if (full) break;
      const built = build(value, depth + 1, after(keyRange));
      if (isScalar(key) && (key.value !== null || key.source !== '')) {
        const plainMerge = key.source === '<<' && key.type === 'PLAIN';
        const blanked = validators.get(key.range?.[0] ?? -1);
        if (blanked !== undefined && built.kind === 'map') {
          // the inputs below the value, as keys beside it
          entries.add({ key: 'validate', keyRange, value: written(blanked) });
          for (const entry of built.entries) entries.add(entry);
        } else if (plainMerge) entries.merge(built, keyRange);
        else entries.add({ key: textOf(key as Scalar.Parsed), keyRange, value: built });
      } else {
        report.error('yaml-syntax', keyRange, 'a key must be a plain word');
      }
    }
    return { kind: 'map', range, entries: entries.all(), flow: map.flow === true };
  };

  const buildScalar = (scalar: Scalar.Parsed, range: Range): Node => {
    const [start, end] = scalar.range;
    const colon = rewritten.get(start);
    if (colon !== undefined) return sessionLine(start, colon, end, range);
    const { value } = scalar;
    return {
      kind: 'scalar',
      range,
      value: typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null,
      text: textOf(scalar),
      body: bodyOf(scalar, start, end),
    };
  };

  /** A value that was blanked. */
  const written = ({ start, end }: { readonly start: number; readonly end: number }): ScalarNode => {
    const source = lines.text.slice(start, end);
    const text = source.replace(/^(["'])(.*)\1$/s, '$2');
    return { kind: 'scalar', range: lines.range(start, end), value: text, text, body: { text: source, offset: start } };
  };

  /** `from: tests` of a rewritten line, as the mapping that it means. */
  const sessionLine = (start: number, colon: number, end: number, range: Range): MapNode => {
    const written = lines.text.slice(colon + 1, end);
    const text = written.trim().replace(/^(["'])(.*)\1$/s, '$2');
    const from = colon + 1 + (written.length - written.trimStart().length);
    const value: ScalarNode = {
      kind: 'scalar',
      range: lines.range(from, Math.max(from, end)),
      value: text === '' ? null : text,
      text,
      body: { text: written, offset: colon + 1 },
    };
    const key = lines.text.slice(start, colon).trim();
    return { kind: 'map', range, flow: true, entries: [{ key, keyRange: lines.range(start, colon), value }] };
  };

  const bodyOf = (scalar: Scalar.Parsed, start: number, end: number) => {
    const header = scalar.type?.startsWith('BLOCK') ? lines.text.indexOf('\n', start) + 1 : start;
    const offset = header > start && header <= end ? header : start;
    return { text: lines.text.slice(offset, end), offset };
  };

  const root = build(document.contents, 0, lines.range(0, 0));
  return broken ? undefined : root;
}

function textOf(scalar: Scalar.Parsed): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
}

function after({ endLine, endColumn }: Range): Range {
  return { line: endLine, column: endColumn, endLine, endColumn };
}

function nothing(range: Range): ScalarNode {
  return { kind: 'scalar', range, value: null, text: '', body: { text: '', offset: 0 } };
}
