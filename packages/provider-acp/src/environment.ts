import { profiles } from './profiles/index.ts';

/** Of all agents that have a profile. Each of them gets its own only. */
export const environment: readonly string[] = [
  ...new Set(Object.values(profiles).flatMap((profile) => profile.environment)),
];
