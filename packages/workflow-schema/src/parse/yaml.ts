import { parseDocument } from 'yaml';
import type { Lines } from '../diagnostics/lines.ts';
import { printable } from '../diagnostics/quote.ts';
import type { Report } from '../diagnostics/report.ts';
import type { Node } from './node.ts';
import { rewriteSessionLines } from './session-line.ts';
import { buildTree } from './tree.ts';
import { rewriteValidateLines } from './validate-lines.ts';
import { explainErrors, lowerFirst } from './yaml-errors.ts';

/** Syntax errors follow from each other; the first ones are enough. */
const most = 10;

/** Undefined when the text is not YAML that can be relied on: then nothing else can be said about it. */
export function readYaml(lines: Lines, report: Report): Node | undefined {
  try {
    const sessions = rewriteSessionLines(lines.text);
    const { text, rewritten: validators } = rewriteValidateLines(sessions.text);
    const document = parseDocument(text, {
      // ours is linear, and knows where the first one stands
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    for (const { message, hint, start, end } of explainErrors(document.errors.slice(0, most), text)) {
      report.error('yaml-syntax', lines.range(start, end), message, hint);
    }
    if (document.errors.length > 0) return undefined;
    for (const { message, pos } of document.warnings.slice(0, most)) {
      report.error('yaml-syntax', lines.range(...pos), lowerFirst(message), 'a workflow needs no tags');
    }
    return buildTree(document, { lines, rewritten: sessions.rewritten, validators, report });
  } catch (error) {
    // a stack that ran out, or a defect of the parser: both are the text's fault as far as the user can tell
    if (error instanceof RangeError) report.error('too-large', lines.range(0, 0), 'nested too deeply to be read');
    else report.error('yaml-syntax', lines.range(0, 0), `cannot be read as YAML: ${printable(String(error))}`);
    return undefined;
  }
}
