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

/** Listens to server-sent events as a browser does. */
export function listen({ url, token }: Served, path: string, last?: string): Ear {
  const { hostname, port, host } = new URL(url);
  const headers = { host, authorization: `Bearer ${token}`, ...(last !== undefined && { 'last-event-id': last }) };
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  const asked = request({ hostname, port, path, headers }, (reply) => {
    reply.setEncoding('utf8').on('data', (chunk: string) => {
      rest += chunk;
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const [id, event, data] = [field('id'), field('event'), field('data')];
        if (id !== undefined && event !== undefined) heard.push({ id, event, data: JSON.parse(data ?? 'null') });
      }
      for (const wake of waiting) wake();
    });
    reply.on('error', () => {});
  });
  asked.on('error', () => {});
  asked.end();
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
    cut: () => asked.destroy(),
  };
}
