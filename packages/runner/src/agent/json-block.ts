/**
 * The last JSON of a message: what stands at its very end, else the last fenced block that says `json` or says nothing and
 * looks like it. One that is cut off counts: its problem is told. Time is bounded by the length of the text.
 */
export function lastJsonBlock(text: string): string | undefined {
  const { block, end } = lastFenced(text);
  return jsonAtEnd(text.slice(end)) ?? block;
}

interface Fence {
  readonly mark: string;
  readonly label: string;
  /** Where its content begins. */
  readonly start: number;
}

function lastFenced(text: string): { readonly block: string | undefined; readonly end: number } {
  let block: string | undefined;
  let end = 0;
  let open: Fence | undefined;
  const close = (fence: Fence, until: number): void => {
    const content = text.slice(fence.start, until).trim();
    if (isJsonLabel(fence.label) || (fence.label === '' && /^[[{]/.test(content))) block = content;
  };
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\n', start) + 1 || text.length;
    const fence = /^[ \t]*(`{3,}|~{3,})[ \t]*([^\s`]*)/.exec(text.slice(start, Math.min(next, start + 200)));
    const [mark = '', label = ''] = fence?.slice(1) ?? [];
    if (!open && mark) open = { mark, label, start: next };
    else if (open && mark.startsWith(open.mark) && label === '') {
      close(open, start);
      open = undefined;
      end = next;
    }
    start = next;
  }
  if (!open) return { block, end };
  close(open, text.length);
  return { block, end: text.length };
}

const isJsonLabel = (label: string): boolean => /^json[c5]?$/i.test(label);

/** Each try may read the whole text. */
const tryChars = 10_000_000;

/** The text from a line that opens JSON to the end; when none of these is JSON, the longest one. */
function jsonAtEnd(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/[\]}]$/.test(trimmed)) return undefined;
  let tries = Math.max(3, Math.floor(tryChars / trimmed.length));
  let first: string | undefined;
  for (const match of trimmed.matchAll(/^[ \t]*[[{]/gm)) {
    const candidate = trimmed.slice(match.index).trim();
    first ??= candidate;
    if (isJson(candidate)) return candidate;
    tries -= 1;
    if (tries === 0) break;
  }
  return first;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
