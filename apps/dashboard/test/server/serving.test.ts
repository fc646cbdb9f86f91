import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { main } from '../../server/main.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The program as it is started, until the test ends; the address that it printed. */
async function started(...argv: string[]): Promise<{ readonly url: URL; readonly token: string }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-serving-')));
  const stop = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const said: string[] = [];
  const ended = main(argv, {
    env: { HOME: folder, PAWL_HOME: join(folder, 'home'), PATH: process.env.PATH },
    cwd: folder,
    pawl: [process.execPath],
    out: resolve,
    error: (text) => said.push(text),
    signal: stop.signal,
  });
  ends.push(async () => {
    stop.abort();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  void ended.then((code) => reject(new Error(`it ended with ${code}: ${said.join('')}`)));
  const url = new URL((await promise).trim());
  return { url, token: url.hash.replace('#token=', '') };
}

interface Said {
  readonly status: number;
  readonly cookie: string;
}

function exchange(url: URL, token: string, headers: Readonly<Record<string, string>>): Promise<Said> {
  const send = url.protocol === 'https:' ? request : plainRequest;
  const usual = { host: url.host, 'content-type': 'application/json', 'x-pawl': '1' };
  return new Promise((resolve, reject) => {
    const asked = send(
      {
        hostname: '127.0.0.1',
        port: url.port,
        path: '/api/session',
        method: 'POST',
        headers: { ...usual, ...headers },
        // Made by itself a moment ago: nobody else vouches for it.
        ...(url.protocol === 'https:' && { rejectUnauthorized: false }),
      },
      (reply) => {
        reply.resume();
        resolve({ status: reply.statusCode ?? 0, cookie: String(reply.headers['set-cookie']) });
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ token }));
  });
}

test('with a certificate of its own it speaks TLS and nothing else, and its cookie is for TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-certificate-'));
  ends.push(async () => rmSync(folder, { recursive: true, force: true }));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, '-subj', '/CN=box.local', '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  const { url, token } = await started('--port=0', '--host=127.0.0.1', `--tls-cert=${certificate}`, `--tls-key=${key}`);
  expect(url.protocol).toBe('https:');
  const reply = await exchange(url, token, { origin: url.origin });
  expect(reply).toMatchObject({ status: 200, cookie: expect.stringContaining('; Secure') });
  expect((await exchange(url, token, { origin: url.origin.replace('https', 'http') })).status).toBe(403);
  await expect(exchange(new URL(`http://${url.host}`), token, {})).rejects.toThrow();
});

test('--allow-host: it answers to that name too, and to no other', async () => {
  const { url, token } = await started('--port=0', '--allow-host=box.local');
  const status = async (host: string, origin = `http://${host}`): Promise<number> =>
    (await exchange(url, token, { host, origin })).status;
  expect(await status(`box.local:${url.port}`)).toBe(200);
  expect(await status(`BOX.local:${url.port}`)).toBe(200);
  expect(await status(url.host)).toBe(200);
  expect(await status(`box.local.evil.example:${url.port}`)).toBe(421);
  expect(await status('box.local')).toBe(421);
  expect(await status(`box.local:${url.port}`, 'http://evil.example')).toBe(403);
});
