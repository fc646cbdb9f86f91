/** A command of the server's with one more option, as it may be pasted into a shell. */
export function withOption(command: string, name: string, value: string): string {
  const text = value.trim();
  if (text === '') return command;
  const word = /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
  return `${command} --${name}${text.startsWith('-') ? '=' : ' '}${word}`;
}
