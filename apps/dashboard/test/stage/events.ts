import { request } from 'node:http';
import type { Served } from './stage.ts';

export interface Heard {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface Ear {
  readonly heard: readonly Heard[];
  /** Resolves with the first one that fits, also one from before. */
  until(what: string, fits: (one: Heard) => boolean): Promise<Heard>;
  /** As a lost connection. */
  cut(): void;
}

const deadlineMs = 45_000;

/** Listens to server-sent events as a browser does, from behind `last` on. What it returns is a lost connection. */
export function hear(
  { url, token }: Pick<Served, 'url' | 'token'>,
  path: string,
  last: string | undefined,
  take: (one: Heard) => void,
): () => void {
  const { hostname, port, host } = new URL(url);
  const headers = { host, authorization: `Bearer ${token}`, ...(last !== undefined && { 'last-event-id': last }) };
  let rest = '';
  let cut = false;
  const asked = request({ hostname, port, path, headers }, (reply) => {
    reply.setEncoding('utf8').on('data', (chunk: string) => {
      rest += chunk;
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const [id, event, data] = [field('id'), field('event'), field('data')];
        if (id !== undefined && event !== undefined && !cut) take({ id, event, data: JSON.parse(data ?? 'null') });
      }
    });
    reply.on('error', () => {});
  });
  asked.on('error', () => {});
  asked.end();
  return () => {
    cut = true;
    asked.destroy();
  };
}

/** Keeps what it hears. */
export function listen(served: Served, path: string, last?: string): Ear {
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const cut = hear(served, path, last, (one) => {
    heard.push(one);
    for (const wake of waiting) wake();
  });
  return {
    heard,
    until: (what, fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`waited for ${what}; heard ${heard.map(({ id, event }) => `${event} ${id}`).join(', ')}`));
        }, deadlineMs);
        const look = (): void => {
          const found = heard.find(fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    cut,
  };
}
