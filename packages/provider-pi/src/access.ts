import type { Access, Command } from '@pawl/provider';
import { extensionFor } from './keep-inside.ts';

/** Neither what the folder brings along (extensions run inside Pi) nor servers, whose tools know no folder. */
const confined = ['--no-approve', '--no-mcp'];
const guard = 'pawl-keep-inside.mjs';

/** How a turn is held to its access word. Pi has no permissions; what it cannot do is what it has no tool for. */
export function confine(access: Access, directories: readonly string[] = []): Pick<Command, 'args' | 'files'> {
  switch (access) {
    case 'read-only':
      // No commands: there is no way to let reading ones through and no others.
      return { args: ['--tools', 'read,grep,find,ls', ...confined] };
    case 'edit':
      return {
        args: ['--tools', 'read,bash,edit,write,grep,find,ls', ...confined, '--extension', guard],
        files: { [guard]: extensionFor(directories) },
      };
    case 'full':
      return { args: [] };
  }
}
