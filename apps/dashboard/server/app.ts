import { Hono } from 'hono';
import { DashboardError } from './errors.ts';
import type { House } from './house.ts';
import type { Answer } from './http.ts';
import { answerOf, refusalOf } from './respond.ts';
import { routes } from './routes.ts';
import { checkAsked } from './safety/guard.ts';
import { admit, signIn, signOut } from './safety/sign-in.ts';
import { webFile } from './web-files.ts';

const mostBody = 2 * 1024 * 1024;

/** The outermost shell: HTTP to the route table and back. Everything that matters is behind it. */
export function createApp(house: House): Hono {
  const app = new Hono();
  app.use('*', async (context, next) => {
    const { method, path } = context.req;
    checkAsked({ method, path, header: (name) => context.req.header(name) }, house.addresses());
    await next();
  });
  app.on(['POST', 'DELETE'], '/api/session', async (context) => {
    const body = context.req.method === 'POST' ? await readBody(context.req.raw) : undefined;
    return answerOf(context.req.method === 'POST' ? await signIn(house, body) : signOut(house));
  });
  for (const route of routes)
    app.on(route.method, route.path, async (context) => {
      const { req } = context;
      const user = admit(house, route, (name) => req.header(name));
      const body = route.method === 'GET' ? undefined : await readBody(req.raw);
      const answer: Answer = await route.handle(house, {
        params: req.param() as Record<string, string>,
        query: new URL(req.url).searchParams,
        body,
        user,
        lastEventId: req.header('last-event-id'),
        signal: req.raw.signal,
      });
      return answerOf(answer);
    });
  app.all('/api/*', () => {
    throw new DashboardError(404, 'not-found', 'there is nothing at this address');
  });
  app.get('*', (context) => webFile(house.webFolder, new URL(context.req.url).pathname));
  app.onError((error) => refusalOf(error, house.log));
  return app;
}

async function readBody(request: Request): Promise<unknown> {
  let size = 0;
  const chunks: Uint8Array[] = [];
  // Read to its end all the same: who still sends does not hear the answer.
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size <= mostBody) chunks.push(chunk);
    if (size > 16 * mostBody) break;
  }
  if (size > mostBody) throw new DashboardError(413, 'too-large', 'the request is larger than 2 MB');
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new DashboardError(400, 'not-json', 'the body is not JSON');
  }
}
