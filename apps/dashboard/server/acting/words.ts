import { plainText } from '@pawl/report';
import type { Action, SessionAction } from '../../wire.ts';

/**
 * An action on a run, in the words of the command line. Values stand behind a `=` of their own: none of them is taken for
 * an option. `prompt`: the file that a prompt lies in.
 */
export function wordsOf(run: string, action: Action, prompt = 'prompt.md'): readonly string[] {
  switch (action.action) {
    case 'approve': {
      const { step, tree, edited, comment } = action;
      return [
        'approve',
        run,
        `--step=${step}`,
        ...(edited ? ['--edited'] : option('tree', tree)),
        ...option('comment', comment),
      ];
    }
    case 'reject':
      return ['reject', run, `--step=${action.step}`, ...option('comment', action.comment)];
    case 'pause':
      return ['pause', run];
    case 'unpause':
      return ['pause', run, '--off'];
    case 'resume':
      return ['resume', run];
    case 'abort':
      return ['abort', run, ...option('reason', action.reason)];
    case 'abort-step':
      return ['abort', run, `--step=${action.step}`, ...option('reason', action.reason)];
    case 'replay':
      return [
        'replay',
        run,
        `--from-step=${action.step}`,
        ...option('agent', action.agent),
        ...option('edit-prompt', action.prompt && prompt),
      ];
    case 'apply':
      return ['apply', run, ...(action.how === 'merge' ? [] : [`--${action.how}`]), ...option('branch', action.branch)];
    case 'undo':
      return ['undo', action.checkpoint, `--run=${run}`, ...(action.into === 'worktree' ? ['--worktree'] : [])];
  }
}

/** What stands without an option before it does not begin with a dash: it would be taken for one. */
export function sessionWordsOf(id: string, action: SessionAction): readonly string[] {
  switch (action.action) {
    case 'rename':
      return ['sessions', 'rename', id, action.title];
    case 'tag':
    case 'untag':
      return ['sessions', action.action, id, action.tag];
    case 'archive':
    case 'remove':
      return ['sessions', action.action, id];
    case 'unarchive':
      return ['sessions', 'archive', id, '--undo'];
    case 'fork':
      return ['sessions', 'fork', id, ...option('at', action.at?.toString()), ...option('title', action.title)];
    case 'rewind':
      return ['sessions', 'rewind', id, `--at=${action.at}`];
    case 'resume':
      return ['sessions', 'resume', id, action.prompt.replace(/^-/, ' -')];
  }
}

export const option = (name: string, value: string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : [`--${name}=${value}`];

/** As a person would type them, to be pasted into a shell. What a terminal would act on is not in it. */
export const typed = (words: readonly string[]): string => ['pawl', ...words.map(typedWord)].join(' ');

function typedWord(word: string): string {
  const [, name, value = ''] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
  if (name === undefined) return shellWord(word);
  // A value that begins with a dash would be taken for an option.
  return `${name}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`;
}

function shellWord(text: string): string {
  const plain = plainText(text);
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", `'\\''`)}'`;
}
