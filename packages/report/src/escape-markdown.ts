/**
 * A line of text as it stands inside a line of GitHub Flavored Markdown. A comment of HTML parts what would become a
 * mention or a reference: an entity is decoded before those are looked for.
 */
export function escapeInline(line: string): string {
  return line
    .replace(/[\\`*_[\]~|]/g, (mark) => `\\${mark}`)
    .replace(/&(?=[#\w])/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[@#](?=\w)/g, (mark) => `${mark}<!-- -->`)
    .replace(/:\/\//g, '&#58;//')
    .replace(/www\./gi, (start) => `${start.slice(0, 3)}&#46;`);
}

/** The same where a block may begin: no list, heading, quotation or rule comes of it. */
export function escapeBlock(line: string): string {
  return escapeInline(line)
    .replace(/^([-+#>=])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}
