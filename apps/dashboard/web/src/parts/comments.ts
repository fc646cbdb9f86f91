import type { LineComment } from './diff.tsx';

/** Comments on lines as one text, for the agent. */
export const asText = (comments: readonly LineComment[]): string =>
  comments.map(({ file, line, text }) => `${file}:${line}: ${text}`).join('\n');
