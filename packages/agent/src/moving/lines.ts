const longest = 256 * 1024 * 1024;

/** Lines by `\n` alone, without it. A last one that is not ended comes too. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const line = bytes.subarray(from, end);
      yield begun.length === 0 ? line.toString('utf8') : Buffer.concat([...begun, line]).toString('utf8');
      begun = [];
      size = 0;
      from = end + 1;
    }
    // The stream may use its buffer again.
    if (from < bytes.length) begun.push(Buffer.from(bytes.subarray(from)));
    size += bytes.length - from;
    if (size > longest) throw new Error(`A line of more than ${longest} bytes cannot be read.`);
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}

export async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let batch = '';
  for await (const line of lines) {
    batch += `${line}\n`;
    if (batch.length < 256 * 1024) continue;
    yield Buffer.from(batch);
    batch = '';
  }
  if (batch !== '') yield Buffer.from(batch);
}
