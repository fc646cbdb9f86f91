import { cleanEnvironment } from '@pawl/process';
import { CliError } from './exit.ts';

const variable = 'PAWL_AGENT_ENVIRONMENT';
const example = `${variable}="codex=ACME_KEY,ACME_REGION opencode=OTHER_KEY"`;

/**
 * What the user hands on to agents besides what their adapters name, by the name of an adapter: keys of model providers of
 * their own. Of the environment alone: a file of a repository cannot take a variable by naming it.
 */
export function handedOn(env: NodeJS.ProcessEnv): ReadonlyMap<string, readonly string[]> {
  const entries = (env[variable] ?? '').split(/\s+/).filter((entry) => entry !== '');
  const given = new Map<string, readonly string[]>();
  for (const entry of entries) {
    const [, adapter = '', listed = ''] = /^([a-z0-9][a-z0-9-]*)=([^=]+)$/.exec(entry) ?? [];
    const names = listed.split(',');
    for (const name of names) checkName(name);
    given.set(adapter, [...(given.get(adapter) ?? []), ...names]);
  }
  return given;
}

function checkName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    // What stands there is not told: it may be a value.
    throw new CliError('usage', 'bad-environment', `${variable} is no list of adapters and names`, `write ${example}`);
  if (cleanEnvironment({ [name]: 'x' }, { allow: [name] })[name] === undefined)
    throw new CliError(
      'usage',
      'bad-environment',
      `${variable} names ${name}, which steers git, node or pawl and is given to no agent`,
      `take ${name} out of ${variable}`,
    );
}
