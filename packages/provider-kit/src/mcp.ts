import type { Access, JsonObject } from '@pawl/provider';
import type { McpServer } from './options.ts';

/** Those that a turn gets: none where it may only read, for nobody can tell what their tools do. */
export function serversFor(access: Access, servers: readonly McpServer[] = []): readonly McpServer[] {
  return access === 'read-only' ? [] : servers;
}

/** In the shape that most CLIs take; `more` is said of each. */
export function serversByName(servers: readonly McpServer[], more: JsonObject = {}): JsonObject {
  return Object.fromEntries(servers.map(({ name, command, args, env }) => [name, { command, args, env, ...more }]));
}
