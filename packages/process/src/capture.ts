/** The beginning and the end of a stream of bytes, bounded. */
export class HeadTail {
  readonly #headBytes: number;
  readonly #tailBytes: number;
  readonly #head: Uint8Array[] = [];
  #headSize = 0;
  #tail: Uint8Array[] = [];
  #tailSize = 0;
  #dropped = 0;

  constructor(headBytes: number, tailBytes: number) {
    this.#headBytes = headBytes;
    this.#tailBytes = tailBytes;
  }

  get droppedBytes(): number {
    return this.#dropped;
  }

  add(chunk: Uint8Array): void {
    const room = this.#headBytes - this.#headSize;
    // Copied: chunks are views of buffers that Node uses again for other data.
    const first = chunk.slice(0, Math.max(0, room));
    if (first.length > 0) {
      this.#head.push(first);
      this.#headSize += first.length;
    }
    if (first.length < chunk.length) this.#addTail(chunk.slice(first.length));
  }

  /** What was left out is said in between by `marker`. */
  text(marker: (droppedBytes: number) => string): string {
    const tail = Buffer.concat(this.#tail);
    if (this.#dropped === 0) return decode(Buffer.concat([...this.#head, tail]));
    return `${decode(Buffer.concat(this.#head))}${marker(this.#dropped)}${decode(tail)}`;
  }

  #addTail(bytes: Uint8Array): void {
    this.#tail.push(bytes);
    this.#tailSize += bytes.length;
    // Joined only when twice too long, so that many small chunks cost little.
    if (this.#tailSize <= this.#tailBytes) return;
    let excess = this.#tailSize - this.#tailBytes;
    this.#dropped += excess;
    this.#tailSize = this.#tailBytes;
    let index = 0;
    for (let part = this.#tail[index]; part && excess > 0; part = this.#tail[index]) {
      if (part.length > excess) {
        this.#tail[index] = part.subarray(excess);
        break;
      }
      excess -= part.length;
      index += 1;
    }
    if (index > 0) this.#tail.splice(0, index);
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function leftOut(bytes: number): string {
  return `\n[... ${bytes} bytes left out ...]\n`;
}
