import type { SessionStore } from '@pawl/session-store';
import type { Hub } from './live/hub.ts';
import type { Pawl } from './pawl/program.ts';
import type { RunCache } from './runs/cache.ts';
import type { FoldedState } from './runs/folded-state.ts';
import type { RunFolder } from './runs/folder.ts';
import type { Folds } from './runs/folds.ts';
import type { AuditLog } from './safety/audit.ts';
import type { Addresses } from './safety/guard.ts';
import type { Tokens } from './safety/tokens.ts';
import type { Texts } from './texts.ts';

/** What handlers are given: the store, what is folded of it, and the program that acts. */
export interface House {
  readonly store: SessionStore;
  readonly runs: RunCache;
  readonly states: Folds<FoldedState>;
  readonly hub: Hub;
  readonly files: RunFolder;
  readonly pawl: Pawl;
  readonly audit: AuditLog;
  readonly tokens: Tokens;
  readonly texts: Texts;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the dashboard was started: a repository that may have no run yet. */
  readonly cwd: string;
  readonly webFolder: string;
  readonly readOnly: boolean;
  readonly secure: boolean;
  readonly signInHint: string;
  readonly version: string;
  /** Known once it listens. */
  port(): number;
  addresses(): Addresses;
  now(): number;
  log(text: string): void;
}
