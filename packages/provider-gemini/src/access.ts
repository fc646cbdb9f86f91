import type { Access } from '@pawl/provider';
import { headless } from './headless.ts';

/**
 * The flags of an access word. Nobody can be asked in a headless run, so whatever asks is denied and its tool is not even
 * shown to the model.
 */
export function accessFlags(access: Access): readonly string[] {
  switch (access) {
    case 'read-only':
      // Not `--approval-mode plan`: headless, the model approves its own plan and may write from there on. Naming rules
      // and tools takes the place of those in the user's settings; no server has the name given.
      return [
        ...['--approval-mode', 'default', '--policy', headless.readOnly],
        ...['--allowed-tools', 'read_file', '--allowed-mcp-server-names', 'pawl-read-only'],
      ];
    case 'edit':
      return ['--approval-mode', 'auto_edit', '--allowed-tools', 'run_shell_command'];
    case 'full':
      return ['--approval-mode', 'yolo'];
  }
}
