/** What was written for a terminal, without its colours. */
export function plain(text: string): string {
  return text
    .split('\u001b')
    .map((piece, index) => (index === 0 ? piece : piece.replace(/^\[[0-9;]*[A-Za-z]/, '')))
    .join('');
}

/** The first line of standard error that fits. */
export function saidLine(stderr: string, pattern: RegExp): string | undefined {
  return plain(stderr)
    .split('\n')
    .find((line) => pattern.test(line))
    ?.trim();
}
