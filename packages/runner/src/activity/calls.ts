import type { Activity } from '@pawl/core';
import type { Json, ToolCall, ToolKind } from '@pawl/provider';

type CallFigures = Pick<Activity, 'calls' | 'failedCalls' | 'deniedCalls' | 'corrections' | 'stuck' | 'repeats'>;

/** What names the thing that a call is about, in the inputs of the agents there are. */
const targets = ['file_path', 'filePath', 'absolute_path', 'notebook_path', 'path', 'command', 'cmd', 'query', 'url'];
const rowLength = 3;
/** An agent that calls thousands of different things is watched no closer. */
const mostWatched = 2_000;
const keyChars = 1_000;

interface Call {
  readonly kind: ToolKind;
  readonly ofSubAgent: boolean;
  /** The tool and what it is about: a call with it is a new try. */
  readonly target: string;
  /** The tool and all of its input. */
  readonly whole: string;
}

/** Counts the calls of a turn, and the rows that tell of an agent that corrects itself or does not get on. */
export class CallWatch {
  readonly #open = new Map<string, Call>();
  readonly #calls: Partial<Record<ToolKind, number>> = {};
  /** Failures since the last success, by target. */
  readonly #failing = new Map<string, number>();
  #failed = 0;
  #denied = 0;
  #corrections = 0;
  #repeats = 0;
  #row = { whole: '', length: 0 };

  /** A tool is at work: silence is no stall. */
  get working(): boolean {
    return this.#open.size > 0;
  }

  begin({ id, kind, name, input, parent }: ToolCall): void {
    this.#calls[kind] = (this.#calls[kind] ?? 0) + 1;
    if (this.#open.size >= mostWatched) return;
    const whole = `${name} ${short(JSON.stringify(input))}`;
    this.#open.set(id, { kind, ofSubAgent: parent !== undefined, whole, target: targetOf(name, input) ?? whole });
  }

  end(id: string, status: 'ok' | 'error' | 'denied'): Call | undefined {
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (status === 'error') this.#failed += 1;
    if (status === 'denied') this.#denied += 1;
    if (!call) return undefined;
    const { target, whole } = call;
    if (status === 'error' && (this.#failing.has(target) || this.#failing.size < mostWatched))
      this.#failing.set(target, (this.#failing.get(target) ?? 0) + 1);
    if (status === 'ok' && this.#failing.delete(target)) this.#corrections += 1;
    if (status !== 'ok') this.#row = { whole: '', length: 0 };
    else this.#row = { whole, length: this.#row.whole === whole ? this.#row.length + 1 : 1 };
    if (this.#row.length === rowLength) this.#repeats += 1;
    return call;
  }

  figures(): CallFigures {
    return {
      calls: { ...this.#calls },
      failedCalls: this.#failed,
      deniedCalls: this.#denied,
      corrections: this.#corrections,
      stuck: [...this.#failing.values()].filter((failures) => failures >= rowLength).length,
      repeats: this.#repeats,
    };
  }
}

function targetOf(name: string, input: Json): string | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  const values = new Map(Object.entries(input));
  const found = targets.map((key) => values.get(key)).find((value) => typeof value === 'string');
  return found === undefined ? undefined : `${name} ${short(found as string)}`;
}

const short = (text: string): string =>
  text.length <= 2 * keyChars ? text : `${text.length} ${text.slice(0, keyChars)}${text.slice(-keyChars)}`;
