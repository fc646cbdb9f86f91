import type { Keeper } from './keeper.ts';
import type { LaneRecord, Place } from './lane-place.ts';
import type { LaneRefs } from './lane-refs.ts';
import type { Repository } from './repository.ts';
import type { Snapshots } from './snapshot.ts';

/** What the operations of one lane share. */
export interface LaneParts {
  readonly repository: Repository;
  readonly place: Place;
  readonly record: LaneRecord;
  readonly snapshots: Snapshots;
  readonly refs: LaneRefs;
  readonly keeper: Keeper;
}
