/** Head and tail of a long text, cut at line ends, with a line that says how much is left out. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.max(0, Math.floor(limit / 2));
  const headEnd = text.lastIndexOf('\n', half);
  const tailStart = text.indexOf('\n', text.length - half);
  const head = text.slice(0, headEnd > half / 2 ? headEnd : whole(text, half));
  const tail = text.slice(
    tailStart !== -1 && text.length - tailStart > half / 2 ? tailStart + 1 : whole(text, text.length - half),
  );
  const left = text.length - head.length - tail.length;
  return `${head}\n[… ${left} characters left out …]\n${tail}`;
}

/** A place to cut that does not tear a surrogate pair. */
function whole(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}
