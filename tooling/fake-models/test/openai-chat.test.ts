import { afterEach, describe, expect, test } from 'vitest';
import {
  type ChatRequest,
  type ChatTurnSource,
  chatAssistantTexts,
  chatLastUserText,
  chatSystemText,
  chatToolNames,
  chatToolResults,
  chatUserTexts,
  startOpenAiChat,
} from '../src/index.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((model) => model.close()));
});
const start = async (...args: Parameters<typeof startOpenAiChat>) => {
  const model = await startOpenAiChat(...args);
  running.push(model);
  return model;
};

const tools = [{ type: 'function', function: { name: 'write' } }];
const post = (url: string, body: object | string) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
const ask = (url: string, text = 'hi', stream = false) =>
  post(url, { model: 'm', stream, tools, messages: [{ role: 'user', content: text }] });
interface Answer {
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly index: number; readonly function: { readonly arguments: string } }[];
}
interface Completion {
  readonly model?: string;
  readonly usage?: object;
  readonly data?: readonly { readonly id: string }[];
  readonly choices: readonly { readonly message: Answer; readonly delta: Answer; readonly finish_reason?: string }[];
}
const json = async (response: Promise<Response>) => (await (await response).json()) as Completion;
const chunksOf = (stream: string): Completion[] =>
  stream
    .split('\n\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)));

describe('a whole answer', () => {
  test('has reasoning, text and tool calls, and says tool_calls', async () => {
    const { url } = await start({
      turns: [{ reasoning: 'hm', text: 'I write', tools: [{ id: 't1', name: 'write', input: { a: 1 } }] }],
    });
    const answer = await json(ask(url));
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'm' });
    expect(answer.choices).toEqual([
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'I write',
          reasoning_content: 'hm',
          tool_calls: [{ id: 't1', type: 'function', function: { name: 'write', arguments: '{"a":1}' } }],
        },
      },
    ]);
  });

  test('takes usage, finish reason and model from the turn; usage may be missing', async () => {
    const usage = { input: 5, output: 7, cacheRead: 2, reasoning: 3 };
    const { url } = await start({
      turns: [
        { text: 'x', usage, finishReason: 'length', model: 'other' },
        { text: 'x', withoutUsage: true },
      ],
    });
    const first = await json(ask(url));
    expect(first.choices[0]?.finish_reason).toBe('length');
    expect(first.model).toBe('other');
    expect(first.usage).toEqual({
      prompt_tokens: 5,
      completion_tokens: 7,
      total_tokens: 12,
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
    expect(await json(ask(url))).not.toHaveProperty('usage');
  });
});

describe('a streamed answer', () => {
  test('adds up to the whole one and ends with the usage and [DONE]', async () => {
    const text = 'a text that is longer than one delta, with ünïcödé in it';
    const inputs = [{ path: '/x', content: 'y'.repeat(100) }, { command: 'true' }];
    const names = ['write', 'bash'];
    const turn = { reasoning: 'hm', text, tools: names.map((name, at) => ({ name, input: inputs[at] ?? {} })) };
    const { url } = await start({ turns: [{ ...turn, chunkSize: 7 }] });
    const response = await ask(url, 'hi', true);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const body = await response.text();
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
    const chunks = chunksOf(body);
    const deltas = chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta));
    expect(deltas[0]).toEqual({ role: 'assistant', content: '' });
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe(text);
    expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toBe('hm');
    const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
    for (const index of [0, 1]) {
      const mine = calls.filter((call) => call.index === index);
      expect(mine[0]).toMatchObject({ id: expect.any(String), type: 'function', function: { name: names[index] } });
      expect(JSON.parse(mine.map((call) => call.function.arguments).join(''))).toEqual(inputs[index]);
    }
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 1_200, completion_tokens: 34 } });
  });

  test('tool arguments may be broken JSON', async () => {
    const { url } = await start({ turns: [{ tools: [{ name: 'write', input: '{"half' }] }] });
    const answer = await json(ask(url));
    expect(answer.choices[0]?.message.tool_calls?.[0]?.function.arguments).toBe('{"half');
  });

  test('can be cut, can end in an error chunk, can hang until the server closes', async () => {
    const model = await start({
      turns: [
        { text: 'cut here', stopAfterFirstDelta: 'cut' },
        { text: 'fail here', stopAfterFirstDelta: { message: 'overloaded', type: 'server_error' } },
        { text: 'hang here', stopAfterFirstDelta: 'hang' },
      ],
    });
    await expect(ask(model.url, 'hi', true).then((response) => response.text())).rejects.toThrow();
    const failed = chunksOf(await (await ask(model.url, 'hi', true)).text());
    expect(failed.at(-1)).toMatchObject({ error: { message: 'overloaded', type: 'server_error' } });
    const reader = (await ask(model.url, 'hi', true)).body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await model.close();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow();
  });

  test('of ten megabytes arrives whole, with back-pressure', async () => {
    const { url } = await start({ turns: [{ text: 'x'.repeat(10_000_000), chunkSize: 100_000 }] });
    const chunks = chunksOf(await (await ask(url, 'hi', true)).text());
    const size = chunks.reduce((sum, chunk) => sum + (chunk.choices[0]?.delta.content?.length ?? 0), 0);
    expect(size).toBe(10_000_000);
  });
});

describe('refusals', () => {
  test('an HTTP error carries its headers, its words and the type of its status', async () => {
    const { url } = await start({
      turns: [
        { refuse: { status: 429, message: 'slow', headers: { 'retry-after': '3' } } },
        { refuse: { status: 503, message: 'later' } },
        { refuse: { status: 400, message: 'long', code: 'context_length_exceeded' } },
      ],
    });
    const limited = await ask(url, 'hi', true);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
    expect(await limited.json()).toEqual({
      error: { param: null, type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'slow' },
    });
    expect(await json(ask(url))).toMatchObject({ error: { type: 'server_error', message: 'later' } });
    expect(await json(ask(url))).toMatchObject({ error: { code: 'context_length_exceeded' } });
  });

  test('a dropped connection is an error of the client', async () => {
    const { url } = await start({ turns: [{ refuse: 'close' }] });
    await expect(ask(url)).rejects.toThrow();
  });

  test('a script that has ended says so; a turn that throws answers 500 with the reason', async () => {
    const broken: ChatTurnSource = () => {
      throw new Error('no such step');
    };
    const { url } = await start({ turns: [broken] });
    expect(await (await ask(url)).text()).toContain('no such step');
    const second = await ask(url);
    expect(second.status).toBe(400);
    expect(await second.text()).toContain('no turn left');
  });
});

describe('the script', () => {
  test('turns may be made from the request and their number', async () => {
    const { url } = await start({ fallback: (request, index) => ({ text: `${index} ${chatLastUserText(request)}` }) });
    await ask(url, 'first');
    expect((await json(ask(url, 'second'))).choices[0]?.message.content).toBe('1 second');
  });

  test('requests without tools and model lists take no turn, unless told otherwise', async () => {
    const model = await start({ turns: [{ text: 'turn' }], models: ['m1', 'm2'] });
    const body = { messages: [{ role: 'user', content: 'title?' }] };
    expect((await json(post(model.url, body))).choices[0]?.message.content).toBe('ok');
    const listed = await json(fetch(`${model.url}/v1/models`));
    expect(listed.data?.map((entry) => entry.id)).toEqual(['m1', 'm2']);
    expect((await fetch(`${model.url}/v1/nothing`)).status).toBe(404);
    expect((await post(model.url, '{"half')).status).toBe(200);
    expect(model.pending()).toBe(1);
    expect(model.requests.map((request) => request.kind)).toEqual(['side', 'other', 'other', 'side']);
    const every = await start({ turns: [{ text: 'turn' }], isSide: () => false });
    expect((await json(post(every.url, body))).choices[0]?.message.content).toBe('turn');
  });

  test('records what came, pushes more, waits for turns with a deadline', async () => {
    const model = await start();
    await expect(model.waitForTurns(1, 20)).rejects.toThrow('0 of 1 turns');
    model.push({ text: 'late' });
    const waiting = model.waitForTurns(1, 5_000);
    await ask(model.url, 'hello');
    await waiting;
    expect(model.requests[0]).toMatchObject({ method: 'POST', path: '/v1/chat/completions', kind: 'turn' });
    expect(model.requests[0]?.body?.messages).toEqual([{ role: 'user', content: 'hello' }]);
  });

  test('close ends a delayed answer and those who wait', async () => {
    const model = await start({ turns: [{ text: 'never', delayMs: 60_000 }] });
    const delayed = expect(ask(model.url)).rejects.toThrow();
    await model.waitForTurns(1, 5_000);
    const waiting = expect(model.waitForTurns(9, 60_000)).rejects.toThrow('closed');
    await model.close();
    await Promise.all([delayed, waiting]);
  });
});

describe('looking into a request', () => {
  const request: ChatRequest = {
    tools: [{ function: { name: 'write' } }, {}],
    messages: [
      { role: 'system', content: 'You are' },
      { role: 'developer', content: [{ type: 'text', text: 'an agent' }] },
      { role: 'user', content: [{ type: 'text', text: '<system-reminder>no person</system-reminder>' }] },
      { role: 'user', content: [{ type: 'text', text: 'first' }] },
      { role: 'assistant', content: 'ok' },
      { role: 'user', content: 'second' },
      { role: 'assistant', content: null, tool_calls: [{ id: 't' }, { id: 'u' }] },
      { role: 'tool', tool_call_id: 't', content: 'fine' },
      { role: 'tool', tool_call_id: 'u', content: [{ type: 'text', text: 'no such file' }] },
    ],
  };

  test('finds what each side said, and what the tools answered last', () => {
    expect(chatSystemText(request)).toBe('You are\nan agent');
    expect(chatUserTexts(request)).toEqual(['first', 'second']);
    expect(chatLastUserText(request)).toBe('second');
    expect(chatAssistantTexts(request)).toEqual(['ok']);
    expect(chatToolResults(request)).toEqual(['fine', 'no such file']);
    expect(chatToolNames(request)).toEqual(['write']);
  });

  test('an empty request has nothing, and a person who speaks hides old results', () => {
    expect(chatLastUserText({})).toBe('');
    expect(chatSystemText({})).toBe('');
    const messages = [...(request.messages ?? []), { role: 'user', content: 'third' }];
    expect(chatToolResults({ messages })).toEqual([]);
  });
});
