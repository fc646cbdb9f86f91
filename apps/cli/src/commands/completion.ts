import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { didYouMean } from '../refusal.ts';

/** Each asks `pawl complete` for the words that may follow; without an answer the shell completes files. */
const scripts: Readonly<Record<string, string>> = {
  bash: `_pawl() {
  local IFS=$'\\n'
  COMPREPLY=($(pawl complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _pawl pawl
`,
  zsh: `#compdef pawl
_pawl() {
  local -a found
  found=("\${(@f)$(pawl complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
if [[ "\${funcstack[1]}" = _pawl ]]; then _pawl "$@"; else compdef _pawl pawl; fi
`,
  fish: `function __pawl_complete
  set -l found (pawl complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c pawl -f -a '(__pawl_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName pawl -ScriptBlock {
  param($word, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($word -eq '') { $words += '' }
  pawl complete -- @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
};

/** The script for a shell, on standard output. */
export async function completion({ terminal }: Context, shell: string): Promise<number> {
  const known = Object.keys(scripts);
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined)
    throw new CliError(
      'usage',
      'unknown-shell',
      `there is no completion for ${shell}${didYouMean(shell, known)} (there is: ${known.join(', ')})`,
      'pawl completion bash',
    );
  terminal.print(script);
  return exitCodes.passed;
}
