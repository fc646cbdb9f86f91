import type { Access } from '@pawl/provider';
import type { McpServer } from '@pawl/provider-kit';
import type { Rules } from './rules.ts';

/** Tools that would take the work out of its folder, or go on after the turn. */
const elsewhere = ['EnterWorktree', 'ExitWorktree', 'CronCreate', 'CronDelete', 'ScheduleWakeup'];

/** The flags of an access word. A permission mode is not kept by a session: they go with every turn. */
export function accessFlags(access: Access, rules: Rules, servers: readonly McpServer[] = []): readonly string[] {
  switch (access) {
    case 'read-only':
      // Without a rule of ours for commands: the CLI itself lets through those that it can tell to be reading, and looks
      // closer (redirections, `git diff --output`, `find -exec`) than a list of prefixes could.
      return [
        ...['--permission-mode', 'dontAsk'],
        ...['--tools', rules.commands ? 'Read,Grep,Glob' : 'Bash,Read,Grep,Glob'],
        ...(rules.servers ? ['--strict-mcp-config'] : []),
      ];
    case 'edit':
      return [
        ...['--permission-mode', 'acceptEdits'],
        ...['--allowedTools', ['Bash', ...servers.map(({ name }) => `mcp__${name}`)].join(',')],
        ...['--disallowedTools', elsewhere.join(',')],
      ];
    case 'full':
      return ['--permission-mode', 'bypassPermissions', '--disallowedTools', elsewhere.join(',')];
  }
}
