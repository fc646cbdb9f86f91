import type { Access, Command, SessionStart } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { ParrotOptions } from './options.js';

/** What is started for one turn. Pure: whatever it needs to know comes in with the launch. */
export function command({ options, model, access, start, limits, prompt, cwd }: Launch<ParrotOptions>): Command {
  return {
    file: options.binary,
    args: [
      'run',
      ...(model === undefined ? [] : ['--model', model]),
      ...accessFlags(access),
      ...sessionFlags(start),
      ...(limits.turns === undefined ? [] : ['--max-turns', String(limits.turns)]),
    ],
    cwd,
    // Not an argument: one may have 128 KiB at most, and others on the machine can read it.
    stdin: prompt,
  };
}

/** `full` is not in the capabilities, so it never comes here: Parrot does not leave its folder. */
const accessFlags = (access: Access): readonly string[] => (access === 'read-only' ? ['--read-only'] : []);

function sessionFlags(start: SessionStart): readonly string[] {
  if (start.kind === 'resume') return ['--resume', start.ref.id];
  if (start.kind === 'fork') return ['--fork', start.ref.id];
  return [];
}
