import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const entry = join(import.meta.dirname, '../src/main.ts');
const isThere = (shell: string): boolean =>
  spawnSync(shell, shell === 'pwsh' ? ['-NoProfile', '-Command', '1'] : ['-c', ':']).status === 0;

/** A stage whose PATH has the program, and whose folder has the script for a shell. */
async function openWith(shell: string): Promise<{ readonly stage: Stage; readonly script: string }> {
  const stage = openStage();
  const bin = join(stage.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'pawl'),
    `#!/bin/sh\nexec '${process.execPath}' --conditions=@pawl/source '${entry}' "$@"\n`,
    { mode: 0o755 },
  );
  stage.env.PATH = `${bin}:${stage.env.PATH}`;
  stage.env.NODE_COMPILE_CACHE = join(import.meta.dirname, '../node_modules/.cache/compile');
  const { code, stdout } = await stage.call('completion', shell);
  expect(code).toBe(0);
  const script = join(stage.folder, `completion.${shell}`);
  writeFileSync(script, stdout);
  return { stage, script };
}

const ran = ({ repository, env }: Stage, file: string, args: readonly string[], input = ''): string =>
  execFileSync(file, args, { cwd: repository, env, input, encoding: 'utf8', timeout: 50_000 });

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** What is typed, and what the shell must offer for it. */
const cases: readonly (readonly [typed: readonly string[], offered: readonly string[]])[] = [
  [['app'], ['approve', 'apply']],
  [
    ['workflows', ''],
    ['list', 'show', 'new', 'check'],
  ],
  [['run', '--ver'], ['--verbose']],
  [['answer', '--choice', 're'], ['retry']],
  [['run', 'td'], ['tdd']],
];

test('bash', async () => {
  const { stage, script } = await openWith('bash');
  for (const [typed, offered] of cases) {
    const words = ['pawl', ...typed].map((word) => `'${word}'`).join(' ');
    const ask = `source '${script}'; complete -p pawl >/dev/null || exit 9
COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _pawl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(lines(ran(stage, 'bash', ['--norc', '-c', ask]))).toEqual(offered);
  }
  // Where nothing is known the shell's own completion of files stays: the function offers nothing.
  const files = `source '${script}'; COMP_WORDS=(pawl run --spec ''); COMP_CWORD=3; _pawl; echo "\${#COMPREPLY[@]}"`;
  expect(ran(stage, 'bash', ['--norc', '-c', files]).trim()).toBe('0');
});

describe.skipIf(!isThere('zsh'))('zsh (is installed)', () => {
  test('a terminal with zsh completes what is typed', async () => {
    const { stage, script } = await openWith('zsh');
    // A shell in a terminal of its own, in which keys are pressed: completion of zsh runs nowhere else.
    const session = `zmodload zsh/zpty
zpty it zsh -f -i
say() { zpty -w it "$1"; }
until_seen() { local all=''; local part; repeat 400; do
  if zpty -r -t it part; then all+=$part; [[ $all == *"$1"* ]] && { print -r -- "$all"; return 0; }; else sleep 0.05; fi
done; print -r -- "$all"; return 1; }
say "PS1='> '; autoload -U compinit; compinit -u -D; source '${script}'; print rea''dy"
until_seen 'ready' >/dev/null || exit 8
zpty -n -w it $'pawl workflows ch\\t'
until_seen 'pawl workflows check' || exit 7
zpty -n -w it $'\\x15pawl run td\\t'
until_seen 'pawl run tdd' || exit 6
zpty -n -w it $'\\x15pawl run tdd --spec spe\\t'
until_seen '--spec spec.md' || exit 5
zpty -d it`;
    const told = ran(stage, 'zsh', ['-f', '-c', session]);
    expect(told).toContain('check');
    expect(told).toContain('spec.md');
  });

  test('as a file of its function path it is the same', async () => {
    const { stage, script } = await openWith('zsh');
    const known = `fpath=('${stage.folder}/functions' $fpath); autoload -U compinit; compinit -u -D; print -r -- $_comps[pawl]`;
    mkdirSync(join(stage.folder, 'functions'));
    ran(stage, 'cp', [script, join(stage.folder, 'functions/_pawl')]);
    expect(ran(stage, 'zsh', ['-f', '-c', known]).trim()).toBe('_pawl');
  });
});

describe.skipIf(!isThere('fish'))('fish (is installed)', () => {
  test('offers what pawl tells', async () => {
    const { stage, script } = await openWith('fish');
    for (const [typed, offered] of cases) {
      const ask = `source '${script}'; complete -C '${['pawl', ...typed].join(' ')}'`;
      expect(lines(ran(stage, 'fish', ['--no-config', '-c', ask])).toSorted()).toEqual(offered.toSorted());
    }
    const files = `source '${script}'; complete -C 'pawl run tdd --spec spe'`;
    expect(lines(ran(stage, 'fish', ['--no-config', '-c', files]))).toEqual(['spec.md']);
  });
});

describe.skipIf(!isThere('pwsh'))('PowerShell (is installed)', () => {
  test('offers what pawl tells', async () => {
    const { stage, script } = await openWith('powershell');
    for (const [typed, offered] of cases) {
      const line = ['pawl', ...typed].join(' ');
      const ask = `. { ${'Invoke-Expression'} (Get-Content -Raw '${script}') }
([System.Management.Automation.CommandCompletion]::CompleteInput('${line}', ${line.length}, $null)).CompletionMatches | ForEach-Object { $_.CompletionText }`;
      expect(lines(ran(stage, 'pwsh', ['-NoProfile', '-Command', ask]))).toEqual(offered);
    }
  });
});

for (const shell of ['zsh', 'fish', 'pwsh'])
  test.skipIf(isThere(shell))(`${shell} is not installed: its completion was not tried`, () => {
    expect(process.env.PAWL_REQUIRE_SHELLS ?? '', `install ${shell}`).not.toContain(shell);
  });
