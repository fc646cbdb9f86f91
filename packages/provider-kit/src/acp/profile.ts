import type {
  Access,
  Capabilities,
  Command,
  Host,
  Json,
  JsonObject,
  Provider,
  SessionRef,
  SessionVerb,
  StandardSchema,
} from '@pawl/provider';
import type { Launch } from '../definition.ts';

/** One agent that speaks ACP (version 1) on its standard input and output: what of it differs from the others. */
export interface AcpProfile {
  /** What people call it. */
  readonly title: string;
  /** How to install it, one sentence. */
  readonly install: string;
  readonly command: Pick<Command, 'file' | 'args' | 'env' | 'files'>;
  /** Names of the environment variables it needs, as in `Provider.environment`. Default: those of the provider. */
  readonly environment?: readonly string[];
  /** Session verbs it is known to have. Default: whatever it says itself, once it runs. */
  readonly sessions?: readonly SessionVerb[];
  /** Versions it was recorded with. */
  readonly known?: RegExp;
  /** How the access words are kept. A word that is not there is refused. */
  readonly access: Readonly<Partial<Record<Access, AcpAccess>>>;
  /** By a flag of its own, or (default) by the protocol's configuration of the session. */
  readonly modelFlag?: string;
  /** How hard the model thinks, in the agent's own words: set before each prompt. Where it has no such setting the turn fails. */
  readonly effort?: string;
  /** Folders besides the working one. */
  readonly directories?: readonly string[];
  /** By a flag of its own for each, or (default) by the protocol; where an agent has neither, and does not ask, the turn fails. */
  readonly directoryFlag?: string;
  /** It asks before it works elsewhere, and is answered by the directories: it need not be told of them. */
  readonly asksElsewhere?: true;
  /** The name of a model out of the id that the agent gives it. */
  readonly modelName?: (id: string) => string;
  /** An authentication method that is called before a session is opened. */
  readonly authenticate?: string;
  /** Whether files may go through pawl, which keeps them in the folder. Default true. */
  readonly files?: boolean;
  /**
   * `turn`: the figures at the end of a prompt are of all its answers; `answer`: of the last one only, which is no figure
   * of a turn. Default `turn`.
   */
  readonly usage?: 'turn' | 'answer';
  /** Beginnings of methods that are the agent's own: declined without being counted as unknown. */
  readonly extensions?: readonly string[];
  /** Whether the agent says here that the prompt failed, where it answers it as if it had not. Its next words are why. */
  readonly failed?: (update: JsonObject) => boolean;
  /** Servers that the agent is to connect to, in the protocol's own shape. */
  readonly mcpServers?: readonly JsonObject[];
  /** Milliseconds to wait before this session can be opened again without harm. */
  readonly settle?: (ref: SessionRef, host: Host, env: Readonly<Record<string, string>>) => Promise<number>;
}

export interface AcpAccess {
  /** The agent's mode, set before each prompt; without one it stays in its own. Where it has no such mode the turn fails. */
  readonly mode?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface AcpProviderDefinition<Options>
  extends Pick<Provider<Options>, 'id' | 'title' | 'models' | 'environment'> {
  readonly options: StandardSchema<Options>;
  /** With `list`, sessions are listed with the options' defaults. */
  readonly capabilities: Capabilities;
  /** As in `CliProviderDefinition`: the profile finds what it returns in `launch.prepared`. */
  readonly prepare?: (launch: Launch<Options>, host: Host) => Promise<JsonObject>;
  /** Throws a `ProviderError` for what cannot be asked for. `launch` is undefined for a probe. */
  readonly profile: (options: Options, launch?: Launch<Options>) => AcpProfile;
}

/** What an agent says of itself. */
export interface AcpAgent {
  readonly version: string | undefined;
  readonly load: boolean;
  readonly sessions: JsonObject;
}

export type AcpMessage = { readonly [key: string]: Json };
