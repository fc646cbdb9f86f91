/** What a terminal would show in the end: no colours, no control characters, of overwritten lines the last state. */
export function plain(output: string): string {
  return withoutEscapes(output)
    .split('\n')
    .map(lastState)
    .join('\n')
    .replace(/[^\P{Cc}\t\n]/gu, '');
}

function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

const escaped = '\u001b';
const bell = '\u0007';
/** Colours and movements: parameters, then one letter. */
const sequence = /[0-?]*[ -/]*[@-~]/y;
/** Titles, links, …: text up to a bell or the next escape, never over a line end. */
const text = new RegExp(`[^${bell}${escaped}\n]*`, 'y');
const short = /[ -/]*[0-~]/y;

/** Written for output that is hostile: the usual expressions for this take hours for a megabyte of beginnings. */
function withoutEscapes(output: string): string {
  let kept = '';
  let at = 0;
  for (let next = output.indexOf(escaped); next !== -1; next = output.indexOf(escaped, at)) {
    kept += output.slice(at, next);
    at = endOfEscape(output, next + 1);
  }
  return kept + output.slice(at);
}

function endOfEscape(output: string, start: number): number {
  const kind = output[start] ?? '';
  if (kind === '[') return endOf(sequence, output, start + 1);
  if (kind === '' || !']PX^_'.includes(kind)) return endOf(short, output, start);
  const end = endOf(text, output, start + 1);
  if (output[end] === bell) return end + 1;
  return output.startsWith(`${escaped}\\`, end) ? end + 2 : end;
}

function endOf(pattern: RegExp, output: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(output) ? pattern.lastIndex : start;
}
