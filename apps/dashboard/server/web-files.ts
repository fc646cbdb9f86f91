import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DashboardError } from './errors.ts';
import { safetyHeaders } from './safety/headers.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
};

/** A file of the built web half; any other address is a page of it. Names are letters, digits, dots and dashes. */
export async function webFile(folder: string, path: string): Promise<Response> {
  const [, name, ending = ''] = /^\/((?:assets\/)?[\w-][\w.-]*\.(\w+))$/.exec(path) ?? [];
  if (name === undefined) return pageOf(folder);
  const type = types[ending];
  const bytes = type === undefined ? undefined : await readFile(join(folder, name)).catch(() => undefined);
  if (type === undefined || bytes === undefined) throw new DashboardError(404, 'not-found', 'there is no such file');
  // Names of assets hold a digest of their content.
  const cache = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return new Response(bytes, { headers: { ...safetyHeaders, 'content-type': type, 'cache-control': cache } });
}

async function pageOf(folder: string): Promise<Response> {
  const page = await readFile(join(folder, 'index.html')).catch(() => undefined);
  if (page === undefined)
    throw new DashboardError(500, 'not-found', 'the web half is not built', 'pnpm --filter @pawl/dashboard build');
  return new Response(page, {
    headers: { ...safetyHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
  });
}
