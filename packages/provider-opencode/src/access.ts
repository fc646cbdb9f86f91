import type { Access, JsonObject } from '@pawl/provider';

/** How one turn is held to its access word. */
export interface Confinement {
  readonly args: readonly string[];
  /** Laid over the user's configuration. */
  readonly config: JsonObject;
  /** For everything, should OpenCode run another agent than ours. */
  readonly permission?: JsonObject;
}

/** Nobody is there to be asked: a question would end the turn. Sub-agents cost what no event tells. */
const unattended = { doom_loop: 'deny', task: 'deny' };

/** What is not named is refused, tools of servers and of plug-ins too. The order counts: the last that fits decides. */
const reading = (outside: JsonObject | string) => ({
  '*': 'deny',
  ...{ read: 'allow', glob: 'allow', grep: 'allow', list: 'allow', lsp: 'allow', skill: 'allow' },
  ...{ todowrite: 'allow', todoread: 'allow', webfetch: 'allow', websearch: 'allow', codesearch: 'allow' },
  external_directory: outside,
  ...unattended,
});
const confined = (outside: JsonObject | string) => ({ external_directory: outside, ...unattended });

/** All that lies outside of the folder but for these. */
function outsideBut(directories: readonly string[]): JsonObject | string {
  if (directories.length === 0) return 'deny';
  const within = directories.flatMap((folder) => [folder, `${folder.replace(/\/+$/, '')}/**`]);
  return { '*': 'deny', ...Object.fromEntries(within.map((pattern) => [pattern, 'allow'])) };
}

/**
 * Each turn runs an agent of its own. Its name cannot be guessed: a configuration in the folder, which an agent may have
 * written, would otherwise add to its permissions.
 */
export function confine(access: Access, freshId: string, directories: readonly string[] = []): Confinement {
  const name = `pawl-${freshId}`;
  const outside = outsideBut(directories);
  const agent = (permission: JsonObject) => ({ agent: { [name]: { mode: 'primary', permission } } });
  switch (access) {
    case 'read-only':
      // Plug-ins run inside OpenCode, whatever the permissions.
      return { args: ['--agent', name, '--pure'], config: agent(reading(outside)), permission: reading(outside) };
    case 'edit':
      return { args: ['--agent', name], config: agent(confined(outside)), permission: confined(outside) };
    case 'full':
      return { args: ['--auto'], config: {} };
  }
}
