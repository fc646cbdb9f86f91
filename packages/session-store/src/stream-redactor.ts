import type { Redact } from './redact.ts';

/** For output that comes in chunks and goes to a file: nothing leaves before its line, or its private key, is whole. */
export interface StreamRedactor {
  /** What can be written now. Bytes are taken for UTF-8. */
  write(chunk: string | Uint8Array): string;
  /** The rest. */
  end(): string;
}

/** A line longer than this is given out in parts; a secret across the cut of such a line can escape. */
const longestLine = 4 * 1024 * 1024;
/** So long a private key may be, in characters. */
const longestKey = 24_000;

export function createStreamRedactor(redact: Redact): StreamRedactor {
  const decoder = new TextDecoder();
  let held = '';
  const give = (cut: number): string => {
    const whole = held.slice(0, cut);
    held = held.slice(cut);
    return redact(whole);
  };
  return {
    write(chunk) {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      held += text;
      if (held.length > longestLine) return give(held.length);
      // What is held is looked through only when a line of it has ended: chunks are small, a line may not be.
      return text.includes('\n') ? give(wholeLines(held)) : '';
    },
    end() {
      held += decoder.decode();
      return give(held.length);
    },
  };
}

/** Where the last whole line ends, or the line begins on which a private key is still open. */
function wholeLines(text: string): number {
  const end = text.lastIndexOf('\n') + 1;
  const key = text.lastIndexOf('-----BEGIN ', end);
  const open = key >= 0 && end - key < longestKey && !text.slice(key, end).includes('-----END ');
  return open ? text.lastIndexOf('\n', key) + 1 : end;
}
