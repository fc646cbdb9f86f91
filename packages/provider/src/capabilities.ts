/** What an agent can do. A verb that is not listed is refused by name before anything is started. */
export interface Capabilities {
  readonly sessions: readonly SessionVerb[];
  readonly access: readonly Access[];
  /** Limits the agent keeps by itself; all others are kept by pawl from the event stream. */
  readonly limits: readonly ('turns' | 'costUsd')[];
  readonly reports: readonly Report[];
  /** `json-schema`: the agent can be held to an output schema. */
  readonly output: readonly 'json-schema'[];
}

/**
 * `fork-at`: fork at a given message. `choose-id`: the caller may name a new session's id. `move`: it can be packed, and
 * placed in another folder, under another id, on another machine. `rename`, `tag`: in the agent's own
 * store. `read`: what its transcript says.
 */
export type SessionVerb =
  | 'resume'
  | 'continue'
  | 'fork'
  | 'fork-at'
  | 'ephemeral'
  | 'choose-id'
  | 'list'
  | 'export'
  | 'move'
  | 'read'
  | 'rename'
  | 'tag';

/**
 * `read-only`: reads and reading commands, no write. `edit`: files and commands in the working directory.
 * `full`: no restriction. An adapter maps the word to flags and refuses (`unsupported`) rather than widening it.
 */
export type Access = 'read-only' | 'edit' | 'full';

export type Report = 'cost' | 'tokens' | 'text-delta' | 'reasoning' | 'model' | 'denials' | 'retries' | 'compaction';

/** `signedIn: undefined` means that it cannot be told without a paid call. */
export type Probe =
  | { readonly found: false; readonly hint: string }
  | {
      readonly found: true;
      readonly version: string;
      /** The version lies in the range the adapter was recorded with. */
      readonly known: boolean;
      readonly signedIn: boolean | undefined;
      readonly capabilities: Capabilities;
    };
