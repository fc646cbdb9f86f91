import type { Money } from './figures.ts';
import type { Repository } from './me.ts';

// GET /api/sessions ?text &provider &agent &tag &repository &run &before   GET /api/sessions/:session

export interface SessionList {
  readonly sessions: readonly SessionRow[];
  readonly more?: string;
}
export interface SessionRow {
  readonly id: string;
  readonly provider: string;
  readonly nativeId: string;
  readonly title: string;
  readonly agent?: string;
  readonly model?: string;
  readonly tags: readonly string[];
  readonly repository?: Repository;
  /** Our id of what it was forked from. */
  readonly parent?: string;
  readonly run?: string;
  readonly step?: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly turns: number;
  readonly messages: number;
  readonly archived: boolean;
  readonly cost: Money;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Where a search found its words. */
  readonly excerpt?: string;
}
export interface SessionPage {
  readonly session: SessionRow;
  readonly forks: readonly SessionRow[];
  readonly parent?: SessionRow;
  readonly commands: readonly { readonly label: string; readonly command: string }[];
}
/**
 * POST /api/sessions/:session/actions. `at`: behind the message of that number. GET /api/sessions/:session/export is a
 * download of all of it, GET /api/sessions/:session/messages.ndjson of what was said.
 */
export type SessionAction =
  | { readonly action: 'rename'; readonly title: string }
  | { readonly action: 'tag' | 'untag'; readonly tag: string }
  | { readonly action: 'archive' | 'unarchive' | 'remove' }
  | { readonly action: 'fork'; readonly at?: number; readonly title?: string }
  | { readonly action: 'rewind'; readonly at: number }
  | { readonly action: 'resume'; readonly prompt: string };
