import type { AcpProfile } from '@pawl/provider-kit';

/** A profile with everything that it must say for itself. */
export type KnownProfile = AcpProfile & Required<Pick<AcpProfile, 'environment'>>;
