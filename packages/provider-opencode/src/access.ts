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
const reading = {
  '*': 'deny',
  ...{ read: 'allow', glob: 'allow', grep: 'allow', list: 'allow', lsp: 'allow', skill: 'allow' },
  ...{ todowrite: 'allow', todoread: 'allow', webfetch: 'allow', websearch: 'allow', codesearch: 'allow' },
  external_directory: 'deny',
  ...unattended,
};
const confined = { external_directory: 'deny', ...unattended };

/**
 * Each turn runs an agent of its own. Its name cannot be guessed: a configuration in the folder, which an agent may have
 * written, would otherwise add to its permissions.
 */
export function confine(access: Access, freshId: string): Confinement {
  const name = `pawl-${freshId}`;
  const agent = (permission: JsonObject) => ({ agent: { [name]: { mode: 'primary', permission } } });
  switch (access) {
    case 'read-only':
      // Plug-ins run inside OpenCode, whatever the permissions.
      return { args: ['--agent', name, '--pure'], config: agent(reading), permission: reading };
    case 'edit':
      return { args: ['--agent', name], config: agent(confined), permission: confined };
    case 'full':
      return { args: ['--auto'], config: {} };
  }
}
