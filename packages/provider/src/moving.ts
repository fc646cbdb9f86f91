import type { SessionRef } from './session.ts';

/** One thing that an agent keeps of a conversation and needs to go on with it. */
export interface SessionPart {
  /** Letters, digits, dots, dashes, underscores; unique among the parts. The first one is the transcript. */
  readonly name: string;
  /** The agent's own file, or what its own export says. */
  readonly source: { readonly path: string } | { readonly text: string };
}

export interface PlaceRequest {
  /** As it was packed: another id, folder and machine. */
  readonly from: SessionRef;
  /** The names of its parts, the transcript first. */
  readonly parts: readonly string[];
  /** The folder it is to go on in, every link followed. */
  readonly cwd: string;
  /** A UUID: it becomes another conversation, beside the original. Absent: it keeps its id. */
  readonly copy?: string;
  /** It ends behind this message. Only where `capabilities` lists `fork-at`. */
  readonly at?: string;
}

/** What has to be done so that the agent finds a conversation. Nothing has been done yet. */
export interface SessionPlacement {
  readonly ref: SessionRef;
  readonly files: readonly PlacedFile[];
  /** Last, for an agent with a store of its own: hands it the parts. Rejects where it has such a session already. */
  finish?(read: (part: string) => Promise<string>): Promise<void>;
}

/** Where the agent looks. A file that is there is never overwritten. */
export type PlacedFile =
  | {
      readonly path: string;
      readonly part: string;
      /** One that is there already is as good: another conversation brought it. */
      readonly shared?: true;
      /**
       * The lines as they are to be there. Absent: as they are. Throws a `ProviderError` `session-not-found` where there is
       * no such message to end behind.
       */
      lines?(lines: AsyncIterable<string>): AsyncIterable<string>;
    }
  /** A small one that the agent needs beside them; one that is there already is as good. */
  | { readonly path: string; readonly text: string };
