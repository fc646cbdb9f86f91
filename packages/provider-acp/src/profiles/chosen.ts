import type { Access } from '@pawl/provider';
import type { AcpAccess, AcpProfile, Launch } from '@pawl/provider-kit';
import type { AcpOptions } from '../options.ts';
import { profiles } from './index.ts';
import type { Defaults, KnownProfile } from './known-profile.ts';

const defaultsFile = 'pawl-defaults.json';

export function knownProfile({ profile }: AcpOptions): KnownProfile | undefined {
  return profile === undefined ? undefined : profiles[profile];
}

/** What the options say, over what is known of the agent. */
export function profileOf(options: AcpOptions, launch?: Launch<AcpOptions>): AcpProfile {
  const { command, args, modes, authenticate, mcpServers = [], directories = [], effort } = options;
  const known = knownProfile(options);
  const [file = '', ...own] = command ?? [];
  const started = command ? { ...known?.command, file, args: [...own, ...args] } : undefined;
  const profile = known ?? custom(file);
  return {
    ...profile,
    environment: [...(profile.environment ?? []), ...options.environment],
    command: {
      ...(started ?? { ...profile.command, args: [...profile.command.args, ...args] }),
      ...(known?.defaults && launch?.prepared?.defaults === true ? withDefaults(profile, known.defaults) : {}),
    },
    access: accessOf(known?.accessWith?.(directories) ?? profile.access, modes),
    ...(authenticate === undefined ? {} : { authenticate }),
    ...(effort === undefined ? {} : { effort }),
    ...(directories.length > 0 ? { directories } : {}),
    mcpServers: mcpServers.map(({ env, ...server }) => ({
      ...server,
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
    })),
  };
}

function withDefaults({ command }: AcpProfile, { variable, settings }: Defaults): Partial<AcpProfile['command']> {
  return { env: { ...command.env, [variable]: defaultsFile }, files: { [defaultsFile]: JSON.stringify(settings) } };
}

function custom(file: string): AcpProfile {
  const title = file.split(/[\\/]/).at(-1) ?? file;
  return {
    title,
    install: 'Check the command of the agent in the configuration.',
    command: { file, args: [] },
    environment: [],
    // Only of what it asks can it be held back.
    access: { full: {} },
  };
}

function accessOf(known: AcpProfile['access'], modes: AcpOptions['modes']): AcpProfile['access'] {
  const named = Object.entries(modes) as [Access, string][];
  const set = named.map(([word, mode]): [Access, AcpAccess] => [word, { ...known[word], mode }]);
  return { ...known, ...Object.fromEntries(set) };
}
