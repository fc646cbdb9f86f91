import type { Host, Provider, ProviderErrorCode, TurnOutcome } from '@pawl/provider';
import type { FakeSurroundings } from './fake-host.ts';

/** What `testProvider` is given. */
export interface ProviderTests {
  readonly provider: Provider;
  /** The folder of recordings; see {@link Recording}. */
  readonly recordings: URL;
  /** Valid options. Default `{}`. */
  readonly options?: unknown;
  /** Environment, files and folders that the adapter looks at before it starts anything; the cwd is `/work`. */
  readonly surroundings?: FakeSurroundings;
  /** How recordings must end, by their name. */
  readonly cases?: Readonly<Record<string, ExpectedEnd>>;
  /** Words of the command line that access `read-only` must never give. */
  readonly dangerous?: readonly string[];
  /** The adapter's README, with a table of its capabilities: `| access | read-only, edit |`. */
  readonly readme?: URL;
  /** Runs small programs in place of the CLI. */
  readonly fake?: FakeSetup;
  /** Runs the real CLI; leave it out where there is none. */
  readonly live?: LiveSetup;
}

export type ExpectedEnd =
  | { readonly kind: Exclude<TurnOutcome['kind'], 'failed'> }
  | { readonly kind: 'failed'; readonly code: ProviderErrorCode; readonly retryable: boolean };

export interface FakeSetup {
  /** Options with which the adapter starts this file instead of its CLI. */
  readonly options: (file: string) => unknown;
  /** A recording of a new session that says something, calls a tool and completes. */
  readonly recording: string;
}

export interface LiveSetup {
  readonly host: Host;
  readonly options: unknown;
  /** An existing folder to work in. */
  readonly cwd: string;
  readonly model?: string;
}
