import { namesOf } from '../imports.ts';
import { type Room, roomFor } from '../rooms.ts';
import type { SourceFile, WorkspacePackage } from '../tree.ts';

const time = 'take the time from the input';
const waiting = 'a pure function does not wait';
const outside = 'take it as an argument';
const forbidden: Readonly<Record<string, string>> = {
  Date: time,
  performance: time,
  Temporal: time,
  crypto: 'compute ids from the input',
  process: outside,
  globalThis: outside,
  require: outside,
  console: 'return what is to be said',
  fetch: outside,
  setTimeout: waiting,
  setInterval: waiting,
  setImmediate: waiting,
  queueMicrotask: waiting,
};

/** Pure packages touch no clock, no randomness, no environment, no timer, no input and no output. */
export function checkPurity(packages: readonly WorkspacePackage[], rooms: readonly Room[]): readonly string[] {
  return packages.flatMap((one) => {
    if (!roomFor(rooms, one.folder)?.pure) return [];
    return one.sources.flatMap((file) => checkFile(file, one.folder));
  });
}

function checkFile(file: SourceFile, folder: string): readonly string[] {
  const names = namesOf(file.tokens);
  const found = names.flatMap((token) => {
    const reason = Object.hasOwn(forbidden, token.text) ? forbidden[token.text] : undefined;
    return reason === undefined ? [] : [{ line: token.line, name: token.text, reason }];
  });
  for (const [index, token] of file.tokens.entries()) {
    const [dot, member] = [file.tokens[index + 1], file.tokens[index + 2]];
    if (token.text === 'Math' && dot?.text === '.' && member?.text === 'random') {
      found.push({ line: token.line, name: 'Math.random', reason: 'take random values from the input' });
    }
  }
  return found.map(
    ({ line, name, reason }) => `${file.path}:${line}: ${folder} is pure and may not use ${name}: ${reason}.`,
  );
}
