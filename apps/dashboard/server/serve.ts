import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './app.ts';
import { DashboardError } from './errors.ts';
import type { House } from './house.ts';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** Listens until it is closed. A request that does not come to its end is dropped. */
export async function serve(house: House, { host, port, tls }: ServeOptions): Promise<Listening> {
  const listener = getRequestListener(createApp(house).fetch);
  const server = tls
    ? createSecureServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, listener)
    : createServer(listener);
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(whyNot(error, host, port)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        house.hub.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (error.code === 'EADDRINUSE')
    return new DashboardError(
      500,
      'bad-option',
      `port ${port} of ${host} is in use`,
      'choose another one: --port 0 takes any',
    );
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES' || error.code === 'ENOTFOUND')
    return new DashboardError(500, 'bad-option', `cannot listen on ${host}:${port}: ${error.message}`);
  return error;
}
