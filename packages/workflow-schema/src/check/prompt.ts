import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf } from '../parse/node.ts';
import { contextWords, promptWords } from '../shape/words.ts';
import type { WrittenContext, WrittenPrompt, WrittenTemplate } from '../workflow.ts';
import type { Check } from './check.ts';
import { checkKeys } from './keys.ts';
import { listOf, templateOf, textOf } from './values.ts';

export function checkPrompt(check: Check, entry: Entry): WrittenPrompt | undefined {
  const { value } = entry;
  const file = value.kind === 'map' ? entryOf(value, 'file') : undefined;
  if (value.kind !== 'map' || file === undefined) {
    const template = templateOf(check, entry);
    return template && { type: 'text', template };
  }
  checkKeys(check, value, promptWords);
  const path = textOf(check, file);
  if (path === undefined) return undefined;
  if (isAbsolute(path.text)) {
    check.report.error(
      'invalid-value',
      path.range,
      'a prompt file is named relative to the folder of the workflow file',
    );
  }
  return { type: 'file', path };
}

const contextHint = 'write a list, such as `context: [{ file: docs/style.md }, { bash: git log -5 }]`';

export function checkContext(check: Check, entry: Entry | undefined): WrittenContext[] {
  const list = entry && listOf(check, entry, contextHint);
  return (list?.items ?? []).flatMap((item): WrittenContext[] => {
    if (item.kind !== 'map') {
      check.report.error(
        'wrong-type',
        item.range,
        'an entry of `context` is `file: path` or `bash: command`',
        contextHint,
      );
      return [];
    }
    checkKeys(check, item, contextWords);
    const file = entryOf(item, 'file');
    const bash = entryOf(item, 'bash');
    if (file !== undefined && bash !== undefined) {
      const message = '`bash` beside `file` has no effect: an entry of `context` is one of them';
      check.report.warning('no-effect', bash.keyRange, message, 'start a new entry with `- `');
    }
    if (file !== undefined) {
      const path = templateOf(check, file);
      if (path !== undefined) checkInside(check, path);
      return path ? [{ type: 'file', path }] : [];
    } else if (bash !== undefined) {
      const command = textOf(check, bash);
      return command ? [{ type: 'bash', command: command.text }] : [];
    } else if (item.entries.length === 0) {
      check.report.error('missing-value', item.range, 'an empty entry in `context`');
    }
    return [];
  });
}

function checkInside(check: Check, path: WrittenTemplate): void {
  const text = path.lines
    .flat()
    .map((part) => (typeof part === 'string' ? part : 'x'))
    .join('');
  if (!isAbsolute(text) && !text.split(/[\\/]/).includes('..')) return;
  check.report.error(
    'invalid-value',
    path.range,
    `${quote(text)} is not inside the worktree`,
    'a context file is named relative to the worktree',
  );
}

function isAbsolute(path: string): boolean {
  return /^(?:[\\/~]|[A-Za-z]:)/.test(path);
}
