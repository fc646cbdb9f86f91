import type { Template, TemplateLine } from '@pawl/core';
import { indexLines, withoutByteOrderMark } from '../diagnostics/lines.ts';
import { printable } from '../diagnostics/quote.ts';
import { splitLines, splitPlaceholders } from '../parse/placeholders.ts';
import type { Written, WrittenPrompt, WrittenTemplate } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { resolveReference } from './reference.ts';
import type { Scope } from './scope.ts';
import type { Place } from './tell.ts';

export function compileTemplate(
  compilation: Compilation,
  { lines }: WrittenTemplate,
  scope: Scope,
  place: Place = 'step',
): Template {
  return lines.map((line) =>
    line.flatMap((part): TemplateLine => {
      if (typeof part === 'string') return [part];
      const reference = resolveReference(compilation, part, scope, place);
      return reference === undefined ? [] : [reference];
    }),
  );
}

export function compilePrompt(
  compilation: Compilation,
  prompt: WrittenPrompt,
  scope: Scope,
  place: Place = 'step',
): Template {
  if (prompt.type === 'text') return compileTemplate(compilation, prompt.template, scope, place);
  const { environment, promptFiles, report } = compilation;
  if (environment === undefined) return [];
  const text = promptFiles.get(prompt.path.text);
  if (text === undefined) {
    const message = `the prompt file \`${printable(prompt.path.text)}\` cannot be read`;
    report.error('prompt-file', prompt.path.range, message, 'it is named relative to the folder of the workflow file');
    return [];
  }
  if (text.trim() === '') {
    report.error('prompt-file', prompt.path.range, `the prompt file \`${printable(prompt.path.text)}\` is empty`);
    return [];
  }
  return compileFileText(compilation, text, prompt.path, scope, place);
}

/** The text of a file, `path` as it is shown where something is wrong. */
export const compileFileText = (
  compilation: Compilation,
  text: string,
  path: Written,
  scope: Scope,
  place: Place = 'step',
): Template => compileTemplate(compilation, readPromptFile(text, path), scope, place);

function readPromptFile(raw: string, path: Written): WrittenTemplate {
  const text = withoutByteOrderMark(raw).replaceAll('\r\n', '\n');
  const lines = indexLines(text);
  return {
    range: path.range,
    lines: splitLines(splitPlaceholders(text)).map((parts) =>
      parts.map((part) => {
        if (typeof part === 'string') return part;
        const { line, column } = lines.range(part.at, part.at);
        return { name: part.name, range: path.range, where: `${printable(path.text)}:${line}:${column}` };
      }),
    ),
  };
}
