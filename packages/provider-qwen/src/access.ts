import type { Access } from '@pawl/provider';
import type { McpServer } from '@pawl/provider-kit';

/** Tools that would take the work out of its folder, or go on after the turn. */
const elsewhere = ['enter_worktree', 'exit_worktree', 'cron_create', 'cron_delete', 'loop_wakeup'];
/** Tools that write, run, or start others that may. A denied tool is denied whatever settings allow. */
const writing = ['edit', 'write_file', 'notebook_edit', 'monitor', 'agent', 'record_artifact', 'send_message'];
const files = (folder: string) => ['Edit', 'WriteFile', 'NotebookEdit'].map((tools) => `${tools}(${folder}/**)`);

interface Allowed {
  /** A settings file allows commands of its own choice. */
  readonly commands: boolean;
  readonly servers?: readonly McpServer[];
  readonly directories?: readonly string[] | undefined;
}

/**
 * The flags of an access word. Nobody can be asked in a headless run, so whatever asks is denied. Without `--approval-mode` a
 * model would be asked to judge.
 */
export function accessFlags(access: Access, { commands, servers = [], directories = [] }: Allowed): readonly string[] {
  const served = servers.map(({ name }) => `mcp__${name}`);
  switch (access) {
    case 'read-only':
      // A tool that is allowed for one command is there for the others, and of those the CLI lets through what it can tell
      // to be reading. It looks closer than a list of prefixes could. `plan` takes commands away altogether.
      return [
        ...['--approval-mode', 'default', '--allowed-mcp-server-names', 'pawl-read-only'],
        ...(commands ? [] : ['--allowed-tools', 'run_shell_command(pwd)']),
        ...denied([...elsewhere, ...writing, ...(commands ? ['run_shell_command'] : [])]),
      ];
    case 'edit': {
      // A rule with two slashes counts from the root.
      const editable = ['.', ...directories.map((folder) => `/${folder.replace(/\/+$/, '')}`)].flatMap(files);
      // Not `auto-edit`: that lets its tools write anywhere. Sub-agents are held to the same rules.
      return [
        ...['--approval-mode', 'default'],
        ...['run_shell_command', 'agent', ...editable, ...served].flatMap((rule) => ['--allowed-tools', rule]),
        ...denied(elsewhere),
      ];
    }
    case 'full':
      return ['--approval-mode', 'yolo', ...denied(elsewhere)];
  }
}

function denied(tools: readonly string[]): readonly string[] {
  return tools.flatMap((tool) => ['--exclude-tools', tool]);
}
