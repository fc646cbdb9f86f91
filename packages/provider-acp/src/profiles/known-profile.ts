import type { JsonObject } from '@pawl/provider';
import type { AcpProfile } from '@pawl/provider-kit';

/** Settings that lie below those of the user: an agent takes them from a file that a variable names. */
export interface Defaults {
  readonly variable: string;
  readonly settings: JsonObject;
  /** Where an administrator may have some, which ours are not to push aside. */
  readonly file: string;
  readonly folders: readonly string[];
}

/** A profile with everything that it must say for itself. */
export type KnownProfile = AcpProfile &
  Required<Pick<AcpProfile, 'environment'>> & {
    readonly defaults?: Defaults;
    /** How the access words are kept where there are other directories. Default: as without them. */
    readonly accessWith?: (directories: readonly string[]) => AcpProfile['access'];
  };
