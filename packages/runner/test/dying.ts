import type { Ports } from '../src/ports.ts';
import type { FakeLane } from './fake-lanes.ts';
import type { World } from './fakes.ts';

export const died = new Error('the process died');

/**
 * Ports of a process that dies when the log holds `events` events, in the middle of an append too: at once, or when it
 * has done what follows and wants to store it.
 */
export function mortal(
  world: World,
  events: number,
  dies: 'at once' | 'late' = 'at once',
  change: Partial<Ports> = {},
): Ports {
  const ports = world.ports(change);
  const append: Ports['log']['append'] = async (run, expected, more) => {
    const room = events - expected;
    if (dies === 'late' ? more.length <= room : more.length < room) return world.append(run, expected, more);
    world.append(run, expected, more.slice(0, room));
    throw died;
  };
  return { ...ports, log: { ...ports.log, append } };
}

/** The commits without what they cost: a turn that was interrupted has cost something too. */
export const withoutCost = (lane: Pick<FakeLane, 'history'>) =>
  lane.history().map(({ trailers: { 'Pawl-Cost': _, ...trailers }, ...rest }) => ({ ...rest, trailers }));
