import type { Provider } from '@pawl/provider';
import { defineAcpProvider } from '@pawl/provider-kit';
import { environment } from './environment.ts';
import { type AcpOptions, acpOptions } from './options.ts';
import { prepare } from './prepare.ts';
import { profileOf } from './profiles/chosen.ts';

export type { AcpOptions } from './options.ts';
export { type ProfileName, profileNames } from './profiles/index.ts';

/** Any agent that speaks the Agent Client Protocol, known by a profile or started by a command. */
export function acp(): Provider<AcpOptions> {
  return defineAcpProvider({
    id: 'acp',
    title: 'ACP agent',
    options: acpOptions,
    models: {},
    environment,
    capabilities: {
      sessions: ['resume', 'continue', 'fork'],
      access: ['read-only', 'edit', 'full'],
      limits: [],
      reports: ['cost', 'tokens', 'text-delta', 'reasoning', 'model', 'denials', 'compaction'],
      output: [],
    },
    prepare,
    profile: profileOf,
  });
}

export default acp();
