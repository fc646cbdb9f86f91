import { createInterface, type Interface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { Answer, RunState } from '@pawl/core';
import type { People, Question } from '@pawl/runner';
import type { Context } from './context.ts';
import { coloredPatch } from './display/diff-lines.ts';
import type { Display } from './display/live.ts';
import { questionLines } from './display/question.ts';
import type { Keys } from './keys.ts';
import { userName } from './user-name.ts';

/** Asks whoever sits at the terminal, one question after the other. */
export interface Asker {
  readonly people: People;
  /** Standard input has ended: no question is answered any more, and none is taken as answered. */
  readonly gone: boolean;
  close(): void;
}

export interface AskerOptions {
  readonly display: Display;
  /** Let go of the terminal while a line is read. */
  readonly keysOf: () => Keys | undefined;
  readonly stateOf: () => RunState;
  readonly diffOf: (step: string) => Promise<string>;
  readonly onGone: () => void;
}

/** Undefined where nobody is: standard input is closed, a pipe or a file. Then a run waits at a question. */
export function openAsker({ stdin, terminal, env }: Context, options: AskerOptions): Asker | undefined {
  const { display, keysOf, stateOf, diffOf, onGone } = options;
  if (!stdin?.isTTY || !terminal.people.terminal) return undefined;
  const typed = new Lines(stdin, () => onGone());
  let before: Promise<unknown> = Promise.resolve();
  const ask = async (question: Question, signal: AbortSignal): Promise<Answer> => {
    display.hold();
    keysOf()?.hold();
    try {
      const screen = terminal.people;
      // Without it a person can still decide: the files are in the worktree.
      const diff = await diffOf(question.step).catch(() => '');
      const lines = questionLines(question, display.step(question.step), stateOf(), screen, diff);
      await typed.forget();
      for (const line of lines) terminal.say(line);
      const show = () => terminal.say(diff === '' ? 'no file changed' : coloredPatch(diff.trimEnd(), screen));
      return { ...(await choose({ typed, draw: terminal.draw, show, question, signal })), by: userName(env) };
    } finally {
      typed.rest();
      keysOf()?.release();
      display.release();
    }
  };
  return {
    people: {
      ask(question, signal) {
        const answer = before.then(() => ask(question, signal));
        before = answer.catch(() => undefined);
        return answer;
      },
    },
    get gone() {
      return typed.ended;
    },
    close: () => typed.close(),
  };
}

interface Choosing {
  readonly typed: Lines;
  readonly draw: (text: string) => void;
  readonly show: () => void;
  readonly question: Question;
  readonly signal: AbortSignal;
}

async function choose({ typed: lines, draw, show, question, signal }: Choosing): Promise<Omit<Answer, 'by'>> {
  // What was shown is what is approved.
  const { tree, lane: worktree } = question;
  for (;;) {
    draw('> ');
    const [word = '', ...rest] = (await lines.next(signal)).trim().split(/\s+/);
    const said = rest.join(' ');
    switch (word.toLowerCase()) {
      case 'c':
      case 'continue':
        return { choice: 'continue', ...(tree !== undefined && { tree }) };
      case 'd':
      case 'diff':
        show();
        break;
      case 'r':
      case 'retry': {
        if (said === '') draw('what shall be done differently? ');
        const comment = said === '' ? (await lines.next(signal)).trim() : said;
        return { choice: 'retry', ...(comment !== '' && { comment }) };
      }
      case 'e':
      case 'edit':
        draw(`change what you like in ${worktree}, then press Enter `);
        await lines.next(signal);
        return { choice: 'continue' };
      case 'a':
      case 'abort':
        return { choice: 'abort' };
      default:
        draw('c, d, r, e or a\n');
    }
  }
}

type Input = NonNullable<Context['stdin']>;

/** In which a terminal hands over what it has kept. */
const keptMs = 100;

/** Lines as they are typed. After the end of the input a waiting `next` waits for ever, or until it is called off. */
class Lines {
  ended = false;
  readonly #onEnd: () => void;
  readonly #input: Input;
  #reader: Interface | undefined;
  #closing = false;
  #waiting: ((line: string) => void) | undefined;

  constructor(input: Input, onEnd: () => void) {
    this.#input = input;
    this.#onEnd = onEnd;
  }

  next(signal: AbortSignal): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const calledOff = () => reject(new Error('the question was called off'));
    if (signal.aborted) calledOff();
    signal.addEventListener('abort', calledOff, { once: true });
    this.#waiting = resolve;
    this.#open();
    return promise.finally(() => signal.removeEventListener('abort', calledOff));
  }

  /** A terminal keeps what is typed while nobody reads: it was no answer to a question that was not there yet. */
  async forget(): Promise<void> {
    this.#open();
    await setTimeout(keptMs);
  }

  /** The input is not read before something is asked. */
  #open(): void {
    if (this.#reader) return;
    // Not as a terminal: Ctrl+C stays a signal, and the terminal itself shows what is typed.
    this.#reader = createInterface({ input: this.#input, terminal: false });
    this.#reader.on('line', (line) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.(line);
    });
    this.#reader.on('close', () => {
      if (this.#closing) return;
      this.ended = true;
      this.#onEnd();
    });
  }

  /** Nothing is read until something is asked again. */
  rest(): void {
    if (this.ended) return;
    this.#closing = true;
    this.#reader?.close();
    this.#reader = undefined;
    this.#closing = false;
  }

  close(): void {
    this.#closing = true;
    this.#reader?.close();
    this.#input.pause();
  }
}
