import { WorktreeError } from './errors.ts';
import { type OpenRepositoryOptions, openRepository, type Repository } from './repository.ts';
import { type CheckoutSnapshot, snapshotCheckout } from './snapshot-checkout.ts';

const noCheckout = new Set(['not-a-repository', 'bare-repository', 'no-commit']);

/** The checkout that a folder lies in; undefined where there is none, or nothing in it to stand on. */
export async function checkoutAt(folder: string, options: OpenRepositoryOptions = {}): Promise<Repository | undefined> {
  try {
    return await openRepository(folder, options);
  } catch (error) {
    if (WorktreeError.is(error) && noCheckout.has(error.code)) return undefined;
    throw error;
  }
}

/** What is kept: below which name of `refs/pawl`, and what its commit says. */
export interface CheckoutMoment {
  readonly folder: string;
  readonly name: string;
  readonly message: string;
}

/**
 * Keeps the files of any checkout as they are, as {@link snapshotCheckout} does: what `checkpoint` of an agent of
 * `@pawl/agent` asks for at the end of every turn. Undefined for a folder that lies in no checkout.
 */
export function checkoutCheckpoints(
  options: OpenRepositoryOptions = {},
): (moment: CheckoutMoment) => Promise<(CheckoutSnapshot & { readonly repository: string }) | undefined> {
  return async ({ folder, name, message }) => {
    const checkout = await checkoutAt(folder, options);
    return checkout && { ...(await snapshotCheckout(checkout, name, message)), repository: checkout.root };
  };
}
