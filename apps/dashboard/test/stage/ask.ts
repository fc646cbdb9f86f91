import { request } from 'node:http';
import type { Served } from './stage.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

export interface Sent {
  readonly method?: string;
  /** Null leaves out what a program of ours would send. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
}

/** A request as any program could send it: also with a Host that a browser would not let a page choose. */
export function ask({ url, token }: Pick<Served, 'url' | 'token'>, path: string, sent: Sent = {}): Promise<Reply> {
  const { hostname, port, host } = new URL(url);
  const { method = sent.body === undefined ? 'GET' : 'POST', body } = sent;
  const usual: Readonly<Record<string, string>> = {
    host,
    authorization: `Bearer ${token}`,
    ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'x-pawl': '1' }),
  };
  const headers = Object.fromEntries(
    Object.entries({ ...usual, ...sent.headers }).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers, timeout: 30_000 }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      reply.on('end', () =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, json: () => JSON.parse(text) }),
      );
      reply.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A store with nothing in it needs no run to be refused by. */
export const codeOf = (reply: Reply): string => reply.json<{ error: { code: string } }>().error.code;
