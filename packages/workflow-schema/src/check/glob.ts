/** What is wrong with a glob over paths of a worktree; undefined when it is usable. */
export function globProblem(glob: string): string | undefined {
  if (glob.startsWith('/') || /^[A-Za-z]:[\\/]/.test(glob)) return 'a glob is relative to the worktree';
  if (glob.split('/').includes('..')) return 'a glob cannot leave the worktree';
  if (glob.startsWith('!')) return 'a glob cannot be negated; use `untouched`';
  if (glob.includes('\\')) return 'a glob has `/` between names, on every system';
  return unclosed(glob);
}

function unclosed(glob: string): string | undefined {
  const open: string[] = [];
  for (const character of glob) {
    if (open.at(-1) === '[') {
      if (character === ']') open.pop();
    } else if (character === '[' || character === '{' || character === '(') open.push(character);
    else if (character === '}' || character === ')') {
      if (open.pop() !== (character === '}' ? '{' : '(')) return `the glob closes a \`${character}\` that is not open`;
    }
  }
  const left = open.at(-1);
  return left === undefined ? undefined : `the glob does not close its \`${left}\``;
}
