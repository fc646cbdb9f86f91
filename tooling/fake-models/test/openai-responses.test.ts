import { afterEach, describe, expect, test } from 'vitest';
import {
  type ResponsesRequest,
  type ResponsesTurnSource,
  responsesAssistantTexts,
  responsesLastUserText,
  responsesSystemText,
  responsesToolNames,
  responsesToolResults,
  responsesUserTexts,
  startOpenAiResponses,
} from '../src/index.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((model) => model.close()));
});
const start = async (...args: Parameters<typeof startOpenAiResponses>) => {
  const model = await startOpenAiResponses(...args);
  running.push(model);
  return model;
};

const post = (url: string, body: object | string) =>
  fetch(`${url}/v1/responses`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
const ask = (url: string, text = 'hi', stream = false) =>
  post(url, { model: 'm', stream, input: [{ type: 'message', role: 'user', content: text }] });
interface Item {
  readonly type: string;
  readonly content?: readonly { readonly text: string }[];
}
interface Reply {
  readonly model?: string;
  readonly output: readonly Item[];
  readonly usage?: object;
}
interface Event {
  readonly type: string;
  readonly sequence_number: number;
  readonly delta?: string;
  readonly item?: Item;
  readonly response?: Reply & { readonly status: string };
}
const json = async (response: Promise<Response>) => (await (await response).json()) as Reply;
const eventsOf = (stream: string): Event[] =>
  stream
    .split('\n\n')
    .filter(Boolean)
    .map((event) => JSON.parse(event.split('\ndata: ')[1] ?? ''));

describe('a whole answer', () => {
  test('has reasoning, text and both kinds of call', async () => {
    const tools = [
      { id: 'c1', name: 'shell', input: { cmd: 'ls' } },
      { id: 'c2', name: 'apply_patch', input: '*** Begin Patch' },
      { name: 'say', namespace: 'mcp__echo', input: {} },
    ];
    const { url } = await start({ turns: [{ reasoning: 'hm', text: 'I list', tools }] });
    const reply = await json(ask(url));
    expect(reply).toMatchObject({ object: 'response', status: 'completed', model: 'm' });
    expect(reply.output).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'hm' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I list' }] },
      { type: 'function_call', call_id: 'c1', name: 'shell', arguments: '{"cmd":"ls"}' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'apply_patch', input: '*** Begin Patch' },
      { type: 'function_call', namespace: 'mcp__echo', name: 'say', arguments: '{}' },
    ]);
  });

  test('takes usage and model from the turn, and may be incomplete', async () => {
    const usage = { input: 5, output: 7, cacheRead: 0 };
    const { url } = await start({ turns: [{ text: 'x', usage, model: 'other', incomplete: 'max_output_tokens' }] });
    expect(await json(ask(url))).toMatchObject({
      ...{ model: 'other', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      usage: { input_tokens: 5, output_tokens: 7, input_tokens_details: { cached_tokens: 0 }, total_tokens: 12 },
    });
  });
});

describe('a streamed answer', () => {
  test('adds up to the whole one, item by item, in numbered events', async () => {
    const text = 'a text that is longer than one delta, with ünïcödé 👍 in it';
    const tools = [{ name: 'shell', input: { cmd: 'x'.repeat(100) } }];
    const { url } = await start({ turns: [{ reasoning: 'hm', text, tools, chunkSize: 7 }] });
    const response = await ask(url, 'hi', true);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = eventsOf(await response.text());
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events[0]).toMatchObject({ type: 'response.created', response: { status: 'in_progress' } });
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
    expect(deltas.map(({ delta }) => delta).join('')).toBe(text);
    const done = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    expect(done.map((item) => item?.type)).toEqual(['reasoning', 'message', 'function_call']);
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed', output: done, usage: { output_tokens: 40 } },
    });
  });

  test('of ten megabytes arrives whole, with back-pressure', async () => {
    const { url } = await start({ turns: [{ text: 'x'.repeat(10_000_000), chunkSize: 100_000 }] });
    const events = eventsOf(await (await ask(url, 'hi', true)).text());
    expect(events.reduce((sum, { delta = '' }) => sum + delta.length, 0)).toBe(10_000_000);
  });

  test('can be cut, can fail, can be incomplete, can hang until the server closes', async () => {
    const failed = { code: 'server_is_overloaded', message: 'busy' };
    const model = await start({
      turns: [
        { text: 'cut here', stopAfterFirstDelta: 'cut' },
        { text: 'fail here', stopAfterFirstDelta: failed },
        { text: 'half', incomplete: 'content_filter' },
        { text: 'hang here', stopAfterFirstDelta: 'hang' },
      ],
    });
    await expect(ask(model.url, 'hi', true).then((response) => response.text())).rejects.toThrow();
    const last = async () => eventsOf(await (await ask(model.url, 'hi', true)).text()).at(-1);
    expect(await last()).toMatchObject({ type: 'response.failed', response: { error: failed } });
    expect(await last()).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'content_filter' } },
    });
    const reader = (await ask(model.url, 'hi', true)).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await model.close();
    const rest = async () => {
      while ((await reader?.read())?.done === false);
    };
    await expect(rest()).rejects.toThrow();
  });
});

describe('refusals', () => {
  test('an HTTP error carries its headers and its words', async () => {
    const more = { resets_at: 17, plan_type: 'plus' };
    const refuse = { status: 429, type: 'usage_limit_reached', message: 'slow', headers: { 'retry-after': '3' }, more };
    const { url } = await start({ turns: [{ refuse }] });
    const response = await ask(url, 'hi', true);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toEqual({
      error: { message: 'slow', type: 'usage_limit_reached', param: null, code: null, ...more },
    });
  });

  test('a dropped connection is an error of the client', async () => {
    const { url } = await start({ turns: [{ refuse: 'close' }] });
    await expect(ask(url)).rejects.toThrow();
  });

  test('a script that has ended, and a turn that throws, answer with an error that says so', async () => {
    const broken: ResponsesTurnSource = () => {
      throw new Error('no such step');
    };
    const { url } = await start({ turns: [broken] });
    const first = await ask(url);
    expect([first.status, await first.text()]).toEqual([500, expect.stringContaining('no such step')]);
    const second = await ask(url);
    expect([second.status, await second.text()]).toEqual([400, expect.stringContaining('no turn left')]);
  });
});

describe('the script', () => {
  test('turns may be made from the request and their number; the rest is no turn', async () => {
    const model = await start({
      models: ['m1'],
      fallback: (request, index) => ({ text: `${index}: ${responsesLastUserText(request)}` }),
    });
    await ask(model.url, 'first');
    expect((await json(ask(model.url, 'second'))).output[0]?.content?.[0]?.text).toBe('1: second');
    expect(await (await fetch(`${model.url}/v1/models`)).json()).toMatchObject({ data: [{ id: 'm1' }] });
    expect((await fetch(`${model.url}/v1/responses`)).status).toBe(404);
    expect((await post(model.url, '{"half')).status).toBe(200);
    expect(model.requests.map(({ kind }) => kind)).toEqual(['turn', 'turn', 'other', 'other', 'turn']);
    expect(model.requests.at(-1)?.body).toBeUndefined();
  });

  test('more can be pushed; who waits for turns has a deadline', async () => {
    const model = await start();
    await expect(model.waitForTurns(1, 20)).rejects.toThrow('0 of 1 turns');
    model.push({ text: 'late' });
    expect(model.pending()).toBe(1);
    await ask(model.url);
    await model.waitForTurns(1, 0);
    const waiting = model.waitForTurns(9, 60_000);
    waiting.catch(() => {});
    await model.close();
    await expect(waiting).rejects.toThrow('closed');
  });
});

describe('looking into a request', () => {
  const request: ResponsesRequest = {
    instructions: 'You are',
    tools: [{ type: 'function', name: 'shell' }, { type: 'web_search' }],
    input: [
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'an agent' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: '<environment_context>no person' }] },
      { role: 'user', content: 'first' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ok' }] },
      { type: 'reasoning' },
      { type: 'message', role: 'user', content: [{ text: 'second' }, { text: 'part' }] },
      { type: 'function_call', name: 'shell', call_id: 'a' },
      { type: 'function_call_output', call_id: 'a', output: 'fine' },
      { type: 'custom_tool_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'no such file' }] },
    ],
  };

  test('system, people and the model are told apart; what the CLI slips in is no person', () => {
    expect(responsesSystemText(request)).toBe('You are\nan agent');
    expect(responsesUserTexts(request)).toEqual(['first', 'second\npart']);
    expect(responsesLastUserText(request)).toBe('second\npart');
    expect(responsesAssistantTexts(request)).toEqual(['ok']);
    expect(responsesUserTexts({ input: 'plain' })).toEqual(['plain']);
    expect(responsesLastUserText({})).toBe('');
  });

  test('tools, and what they answered since the model last spoke', () => {
    expect(responsesToolNames(request)).toEqual(['shell', 'web_search']);
    expect(responsesToolResults(request)).toEqual([
      { id: 'a', text: 'fine' },
      { id: 'b', text: 'no such file' },
    ]);
    expect(responsesToolResults({ input: 'hi' })).toEqual([]);
  });
});
