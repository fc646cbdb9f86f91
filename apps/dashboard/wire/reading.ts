// GET /api/runs/:run/conversation ?path &index &after   GET /api/sessions/:session/messages ?after
// GET /api/runs/:run/log ?path &index &of=native|prompt|gate &gate &at=<byte> &back=1   GET /api/runs/:run/events ?after &limit

export interface Conversation {
  readonly messages: readonly Message[];
  /** Give it as `after` for what follows; absent: there is no more, and the turn is over. */
  readonly next?: string;
  /** More may come: the turn goes on. */
  readonly live: boolean;
}
export type Message = { readonly seq: string; readonly at?: number } & (
  | {
      readonly role: 'user' | 'assistant' | 'system';
      readonly type: 'text' | 'reasoning';
      readonly text: string;
      readonly leftOut?: number;
    }
  | {
      readonly role: 'assistant';
      readonly type: 'tool-call';
      readonly call: string;
      readonly kind: string;
      readonly name: string;
      readonly title?: string;
      readonly input: string;
      readonly leftOut?: number;
    }
  | {
      readonly role: 'tool';
      readonly type: 'tool-result';
      readonly call: string;
      readonly status: 'ok' | 'error' | 'denied';
      readonly output: string;
      readonly leftOut?: number;
    }
  | { readonly role: 'system'; readonly type: 'note'; readonly text: string }
);
export interface LogPiece {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}
export interface EventPage {
  readonly events: readonly {
    readonly seq: number;
    readonly at: number;
    readonly type: string;
    readonly step?: string;
    readonly text: string;
    readonly json: string;
  }[];
  readonly last: number;
}
