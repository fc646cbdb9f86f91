import { bytesOf, linesOf } from '../moving/lines.ts';

/** What was done to the agent's own lines on their way into a bundle. */
export interface LineCount {
  redacted: number;
  /** The last line was not whole: the agent was stopped while it wrote. */
  halfLines: number;
}

/**
 * The agent's lines without secrets. Each stays as long as it was, to the byte: agents point into their files. A last line
 * that is half written is left out.
 */
export function cleanLines(
  content: AsyncIterable<Uint8Array>,
  redact: (text: string) => string,
  count: LineCount,
): AsyncIterable<Uint8Array> {
  return bytesOf(cleaned(linesOf(content), redact, count));
}

async function* cleaned(
  lines: AsyncIterable<string>,
  redact: (text: string) => string,
  count: LineCount,
): AsyncGenerator<string> {
  let last: string | undefined;
  for await (const line of lines) {
    if (last !== undefined) yield last;
    last = redactLine(line, redact);
    if (last !== line) count.redacted += 1;
  }
  if (last === undefined) return;
  if (isWhole(last)) yield last;
  else count.halfLines += 1;
}

export function redactLine(line: string, redact: (text: string) => string): string {
  const clean = redact(line);
  if (clean === line) return line;
  const length = Buffer.byteLength(line);
  // No secret is shorter than these.
  const short = Buffer.byteLength(clean) <= length ? clean : clean.replaceAll('[redacted]', '********');
  return short + ' '.repeat(Math.max(0, length - Buffer.byteLength(short)));
}

/** Only lines of JSON objects can be told from half ones. */
function isWhole(line: string): boolean {
  if (!line.trimStart().startsWith('{"')) return true;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
