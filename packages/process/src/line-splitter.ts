import type { OutputLine } from './command.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Bytes in, lines out. Splits before it decodes, so a character cut by a chunk border stays whole. */
export class LineSplitter {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #kept = 0;
  #total = 0;
  #line = 0;
  /** CR may be the line's last byte but fall beyond the cap. */
  #lastByte = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  *push(chunk: Uint8Array): Generator<OutputLine> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#add(chunk.subarray(start, end));
      yield this.#finish(true);
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
  }

  /** Counts the lines of a chunk that nobody wants. */
  skip(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#line += 1;
      this.#reset();
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
  }

  /** A last line without a line end. */
  *end(): Generator<OutputLine> {
    if (this.#total > 0) yield this.#finish(false);
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#total += bytes.length;
    this.#lastByte = bytes[bytes.length - 1] ?? 0;
    const room = this.#maxBytes - this.#kept;
    if (room <= 0) return;
    // A view would keep the whole chunk alive for as long as the line is incomplete: copy.
    const part = bytes.slice(0, room);
    this.#parts.push(part);
    this.#kept += part.length;
  }

  #finish(ended: boolean): OutputLine {
    const strip = ended && this.#total > 0 && this.#lastByte === carriageReturn ? 1 : 0;
    const size = this.#total - strip;
    const bytes = Buffer.concat(this.#parts, Math.min(this.#kept, size));
    this.#line += 1;
    this.#reset();
    if (bytes.length === size) return { line: this.#line, text: decode(bytes, false) };
    const head = wholeCharacters(bytes);
    return { line: this.#line, text: decode(head, false), truncatedBytes: size - head.length };
  }

  #reset(): void {
    this.#parts = [];
    this.#kept = 0;
    this.#total = 0;
    this.#lastByte = 0;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function decode(bytes: Uint8Array, stream: boolean): string {
  return decoder.decode(bytes, { stream });
}

/** Without the beginning of a character that the cap has cut. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
