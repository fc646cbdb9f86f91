import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { nearest } from '@pawl/workflow-schema';
import type { Role } from '../wire.ts';
import { DashboardError } from './errors.ts';

export type Command =
  | { readonly command: 'serve'; readonly options: ServeWords }
  | { readonly command: 'help' | 'version' | 'users' }
  | { readonly command: 'add-user'; readonly name: string; readonly role: Role }
  | { readonly command: 'remove-user'; readonly name: string };

export interface ServeWords {
  readonly host: string;
  readonly port: number;
  readonly readOnly: boolean;
  readonly names: readonly string[];
  readonly publicOrigin?: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export const usage = `pawl dashboard: see and steer the runs of this machine from a browser

  pawl dashboard                        serve it at 127.0.0.1, and print the address that signs you in
    --port <n>                          default 4310; 0 takes any that is free
    --read-only                         show everything, act on nothing
    --host <address>                    listen elsewhere too; needs --public-url (a proxy with TLS in front) or both of --tls-…
    --allow-host <name>                 a name that this machine is called by; may be repeated
    --public-url <https://…>            the address that people use, where a proxy stands in front
    --tls-cert <file> --tls-key <file>  serve TLS itself
  pawl dashboard users                  who may come in besides you
  pawl dashboard users add <name> [--role viewer|operator]
  pawl dashboard users remove <name>
`;

const wrong = (message: string, hint = 'pawl dashboard --help'): DashboardError =>
  new DashboardError(400, 'bad-option', message, hint);

function noCommand(words: string, word: string, known: readonly string[]): DashboardError {
  const near = nearest(word, known);
  return wrong(`there is no command ${words}${near === undefined ? '' : `: did you mean ${near}?`}`);
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

export function readCommand(argv: readonly string[]): Command {
  const { values, positionals } = parsed(argv);
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [first, verb, name] = positionals;
  if (first === undefined) return { command: 'serve', options: serveWords(values) };
  if (first !== 'users') throw noCommand(first, first, ['users']);
  if (verb === undefined || verb === 'list') return { command: 'users' };
  if (verb !== 'add' && verb !== 'remove') throw noCommand(`users ${verb}`, verb, ['list', 'add', 'remove']);
  if (name === undefined) throw wrong(`users ${verb} takes a name`);
  if (verb === 'remove') return { command: 'remove-user', name };
  const { role = 'viewer' } = values;
  if (role !== 'viewer' && role !== 'operator') throw wrong(`a role is viewer or operator, not ${role}`);
  return { command: 'add-user', name, role };
}

type Values = ReturnType<typeof parsed>['values'];

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'read-only': { type: 'boolean' },
        'allow-host': { type: 'string', multiple: true },
        'public-url': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        role: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'V' },
      },
    });
  } catch (error) {
    throw wrong(String(error instanceof Error ? error.message : error).split('. ')[0] ?? '');
  }
}

function serveWords(values: Values): ServeWords {
  const port = Number(values.port ?? 4310);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw wrong(`--port takes a number, not ${values.port}`);
  const host = values.host ?? '127.0.0.1';
  const { 'tls-cert': certificate, 'tls-key': key } = values;
  if ((certificate === undefined) !== (key === undefined)) throw wrong('--tls-cert and --tls-key belong together');
  const publicOrigin = values['public-url'] === undefined ? undefined : originOf(values['public-url']);
  if (!loopback.has(host) && publicOrigin === undefined && certificate === undefined)
    throw wrong(
      `on ${host} everybody on the network could read along: say how it is protected`,
      '--public-url with a proxy that has TLS in front, or --tls-cert and --tls-key',
    );
  const any = host === '0.0.0.0' || host === '::';
  const own = any || loopback.has(host) ? [] : [isIP(host) === 6 ? `[${host}]` : host];
  return {
    host,
    port,
    readOnly: values['read-only'] ?? false,
    names: [...own, ...(values['allow-host'] ?? [])].map(hostName),
    ...(publicOrigin !== undefined && { publicOrigin }),
    ...(certificate !== undefined && key !== undefined && { tls: { certificate, key } }),
  };
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || loopback.has(url.hostname)) && url.pathname === '/') return url.origin;
  throw wrong(`--public-url takes an address such as https://pawl.example.com, not ${text}`);
}

function hostName(name: string): string {
  if (/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)$/i.test(name)) return name;
  throw wrong(`${name} is no name of a host`);
}
