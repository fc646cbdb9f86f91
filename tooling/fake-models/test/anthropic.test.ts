import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { startAnthropic, type TurnSource } from '../src/index.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((model) => model.close()));
});
const start = async (...args: Parameters<typeof startAnthropic>) => {
  const model = await startAnthropic(...args);
  running.push(model);
  return model;
};

const tools = [{ name: 'Write' }];
const post = (url: string, body: object, path = '/v1/messages?beta=true') =>
  fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) });
const ask = (url: string, text = 'hi', stream = false) =>
  post(url, { model: 'm', stream, tools, messages: [{ role: 'user', content: text }] });
interface Reply {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly input_tokens: number;
  readonly data: readonly { readonly id: string }[];
}
const json = async (response: Promise<Response>) => (await (await response).json()) as Reply;
const eventsOf = (stream: string) =>
  stream
    .split('\n\n')
    .filter(Boolean)
    .map((event) => JSON.parse(event.split('\ndata: ')[1]!));

describe('a whole answer', () => {
  test('has thinking, text and tools in order, and says tool_use', async () => {
    const { url } = await start({
      turns: [{ thinking: 'hm', text: 'I write', tools: [{ id: 't1', name: 'Write', input: { a: 1 } }] }],
    });
    const message = await json(ask(url));
    expect(message.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: expect.any(String) },
      { type: 'text', text: 'I write' },
      { type: 'tool_use', id: 't1', name: 'Write', input: { a: 1 } },
    ]);
    expect(message).toMatchObject({ stop_reason: 'tool_use', model: 'm', role: 'assistant', type: 'message' });
  });

  test('takes usage, stop reason and model from the turn', async () => {
    const turn = { text: 'x', usage: { input: 5, output: 7, cacheRead: 0 }, stopReason: 'max_tokens', model: 'other' };
    const { url } = await start({ turns: [turn] });
    expect(await json(ask(url))).toMatchObject({
      stop_reason: 'max_tokens',
      model: 'other',
      usage: { input_tokens: 5, output_tokens: 7, cache_read_input_tokens: 0, cache_creation_input_tokens: 800 },
    });
  });
});

describe('a streamed answer', () => {
  test('adds up to the whole one, block by block', async () => {
    const text = 'a text that is longer than one delta, with ünïcödé 👍 in it';
    const input = { file_path: '/x', content: 'y'.repeat(100) };
    const { url } = await start({ turns: [{ thinking: 'hm', text, tools: [{ name: 'Write', input }], chunkSize: 7 }] });
    const response = await ask(url, 'hi', true);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = eventsOf(await response.text());
    expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(['message_start', 'ping']));
    const joined = (type: string, field: string) =>
      events.flatMap((event) => (event.delta?.type === type ? [event.delta[field]] : [])).join('');
    expect(joined('text_delta', 'text')).toBe(text);
    expect(joined('thinking_delta', 'thinking')).toBe('hm');
    expect(joined('signature_delta', 'signature')).not.toBe('');
    expect(JSON.parse(joined('input_json_delta', 'partial_json'))).toEqual(input);
    expect(events.filter((event) => event.type === 'content_block_start')).toHaveLength(3);
    expect(events.filter((event) => event.type === 'content_block_stop')).toHaveLength(3);
    expect(events.at(-2)).toMatchObject({
      type: 'message_delta',
      delta: { stop_reason: 'tool_use' },
      usage: { output_tokens: 34 },
    });
    expect(events.at(-1).type).toBe('message_stop');
    expect(events[0].message.usage.output_tokens).toBe(1);
  });

  test('of ten megabytes arrives whole, with back-pressure', async () => {
    const { url } = await start({ turns: [{ text: 'x'.repeat(10_000_000), chunkSize: 100_000 }] });
    const events = eventsOf(await (await ask(url, 'hi', true)).text());
    const size = events.reduce((sum, event) => sum + (event.delta?.text?.length ?? 0), 0);
    expect(size).toBe(10_000_000);
  });

  test('can be cut, can end in an error event, can hang until the server closes', async () => {
    const overloaded = { type: 'overloaded_error', message: 'Overloaded' };
    const model = await start({
      turns: [
        { text: 'cut here', stopAfterFirstDelta: 'cut' },
        { text: 'fail here', stopAfterFirstDelta: overloaded },
        { text: 'hang here', stopAfterFirstDelta: 'hang' },
      ],
    });
    await expect(ask(model.url, 'hi', true).then((response) => response.text())).rejects.toThrow();
    const failed = eventsOf(await (await ask(model.url, 'hi', true)).text());
    expect(failed.at(-1)).toEqual({ type: 'error', error: overloaded });
    const hanging = await ask(model.url, 'hi', true);
    const reader = hanging.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await model.close();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow();
  });
});

describe('refusals', () => {
  test('an HTTP error carries its headers and its words', async () => {
    const { url } = await start({
      turns: [{ refuse: { status: 429, type: 'rate_limit_error', message: 'slow', headers: { 'retry-after': '3' } } }],
    });
    const response = await ask(url, 'hi', true);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'slow' },
    });
  });

  test('a dropped connection is an error of the client', async () => {
    const { url } = await start({ turns: [{ refuse: 'close' }] });
    await expect(ask(url)).rejects.toThrow();
  });

  test('a script that has ended answers with an error that says so', async () => {
    const { url } = await start({ turns: [{ text: 'only' }] });
    expect((await ask(url)).status).toBe(200);
    const second = await ask(url);
    expect(second.status).toBe(400);
    expect(await second.text()).toContain('no turn left');
  });

  test('a turn function that throws answers 500 with the reason, and the server lives on', async () => {
    const broken: TurnSource = () => {
      throw new Error('no such step');
    };
    const { url } = await start({ turns: [broken, { text: 'fine' }] });
    const response = await ask(url);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('no such step');
    expect((await ask(url)).status).toBe(200);
  });
});

describe('the script', () => {
  test('turns may be made from the request and their number', async () => {
    const { url } = await start({
      fallback: (request, index) => ({ text: `${index}: ${JSON.stringify(request.messages)}` }),
    });
    await ask(url, 'first');
    const second = await json(ask(url, 'second'));
    expect(second.content[0]?.text).toBe('1: [{"role":"user","content":"second"}]');
  });

  test('side requests, token counts and model lists take no turn', async () => {
    const model = await start({ turns: [{ text: 'turn' }], models: ['m1', 'm2'] });
    const side = await json(post(model.url, { messages: [{ role: 'user', content: 'title?' }] }));
    expect(side.content).toEqual([{ type: 'text', text: 'ok' }]);
    const counted = await json(post(model.url, { messages: [] }, '/v1/messages/count_tokens'));
    expect(counted.input_tokens).toBeGreaterThan(0);
    const listed = await json(fetch(`${model.url}/v1/models`));
    expect(listed.data.map((entry) => entry.id)).toEqual(['m1', 'm2']);
    expect((await fetch(model.url, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${model.url}/v1/nothing`)).status).toBe(404);
    expect(model.pending()).toBe(1);
    expect(model.requests.map((request) => request.kind)).toEqual(['side', 'other', 'other', 'other', 'other']);
  });

  test('records what came, pushes more, waits for turns with a deadline', async () => {
    const model = await start();
    await expect(model.waitForTurns(1, 20)).rejects.toThrow('0 of 1 turns');
    model.push({ text: 'late' });
    const waiting = model.waitForTurns(1, 5_000);
    await ask(model.url, 'hello');
    await waiting;
    await model.waitForTurns(1, 0);
    expect(model.requests[0]).toMatchObject({ method: 'POST', path: '/v1/messages', kind: 'turn' });
    expect(model.requests[0]?.body?.messages).toEqual([{ role: 'user', content: 'hello' }]);
  });

  test('a body that is not JSON is recorded as none and answered', async () => {
    const model = await start();
    const response = await fetch(`${model.url}/v1/messages`, { method: 'POST', body: '{"half' });
    expect(response.status).toBe(200);
    expect(model.requests[0]).toMatchObject({ body: undefined, kind: 'side' });
  });
});

describe('the server', () => {
  test('listens on loopback only, on a port of its own, and frees it', async () => {
    const [one, two] = [await start(), await start()];
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.url).not.toBe(two.url);
    await one.close();
    await one.close();
    await expect(fetch(one.url)).rejects.toThrow();
  });

  test('close ends a delayed answer, an idle connection and those who wait', async () => {
    const model = await start({ turns: [{ text: 'never', delayMs: 60_000 }] });
    const delayed = ask(model.url);
    delayed.catch(() => {});
    await model.waitForTurns(1, 5_000);
    const idle = connect(Number(new URL(model.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const idleClosed = new Promise((resolve) => idle.once('close', resolve));
    const waiting = model.waitForTurns(9, 60_000);
    waiting.catch(() => {});
    await model.close();
    await expect(delayed).rejects.toThrow();
    await expect(waiting).rejects.toThrow('closed');
    await idleClosed;
  });
});
