import type { Provider } from '@pawl/provider';
import { checkRequest } from './checks.ts';
import { system } from './clock.ts';
import type { CliProviderDefinition, Surroundings } from './definition.ts';
import { CliSession } from './session.ts';

/**
 * A provider for a CLI that runs once per turn. The definition translates; this frames: `turn-start` first, one
 * `turn-end` last, blocks closed, deadlines and cancellation kept, the session and the model that answered compared
 * with those asked for, and whatever the capabilities do not list refused before anything is started.
 */
export function defineCliProvider<Options>(
  definition: CliProviderDefinition<Options>,
  surroundings: Surroundings = system,
): Provider<Options> {
  const { id, title, options, models, environment, capabilities, probe, listSessions, exportSession } = definition;
  const { sessionDirVariable, silence, packSession, placeSession } = definition;
  const { readSession, renameSession, tagSession, interactive, sessionRetention } = definition;
  /** Conversations with a turn under way: two processes on one lose the words of one of them. */
  const busy = new Set<string>();
  return {
    spec: 'v1',
    id,
    title,
    options,
    models,
    environment,
    ...(sessionDirVariable === undefined ? {} : { sessionDirVariable }),
    ...(silence === undefined ? {} : { silence }),
    capabilities,
    probe,
    async open(request, host) {
      const checked = { ...request, options: await checkRequest({ id, title, options, capabilities }, request) };
      const session = new CliSession(definition, checked, host, surroundings, busy);
      definition.command(session.launch({ prompt: '' }));
      return session;
    },
    ...(listSessions ? { listSessions } : {}),
    ...(exportSession ? { exportSession } : {}),
    ...(packSession ? { packSession } : {}),
    ...(placeSession ? { placeSession } : {}),
    ...(readSession ? { readSession } : {}),
    ...(renameSession ? { renameSession } : {}),
    ...(tagSession ? { tagSession } : {}),
    ...(interactive ? { interactive } : {}),
    ...(sessionRetention ? { sessionRetention } : {}),
  };
}
