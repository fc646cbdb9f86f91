import { afterEach, describe, expect, test } from 'vitest';
import {
  type GeminiRequest,
  type GeminiTurn,
  geminiModelTexts,
  geminiSystemText,
  geminiToolNames,
  geminiToolResults,
  geminiUserTexts,
  startGemini,
} from '../src/index.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((model) => model.close()));
});
const start = async (...args: Parameters<typeof startGemini>) => {
  const model = await startGemini(...args);
  running.push(model);
  return model;
};

interface Chunk {
  readonly candidates: readonly {
    readonly content: { readonly role: string; readonly parts: readonly Record<string, unknown>[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata?: Readonly<Record<string, number>>;
  readonly modelVersion: string;
}
const post = (url: string, method: string, body: object | string = {}) =>
  fetch(`${url}/v1beta/models/gemini-x:${method}?alt=sse`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
const says = (text: string): GeminiRequest => ({ contents: [{ role: 'user', parts: [{ text }] }] });
const stream = async (url: string, body: GeminiRequest = says('hi')): Promise<Chunk[]> => {
  const text = await (await post(url, 'streamGenerateContent', body)).text();
  return text.split('\r\n\r\n').flatMap((event) => (event === '' ? [] : JSON.parse(event.replace(/^data: /, ''))));
};
const partsOf = (chunks: readonly Chunk[]) => chunks.flatMap((chunk) => chunk.candidates[0]?.content.parts ?? []);

describe('a streamed answer', () => {
  test('has thought, text in chunks and calls, and ends with a reason and its usage', async () => {
    const usage = { input: 100, cached: 40, output: 7, thoughts: 3 };
    const calls = [
      { name: 'read_file', args: { file_path: 'a' } },
      { name: 'glob', args: {}, id: 'c2' },
    ];
    const { url } = await start({
      turns: [{ thought: 'hm', text: 'ein längerer Text 👍', chunkSize: 5, calls, usage }],
    });
    const chunks = await stream(url);
    const parts = partsOf(chunks);
    expect(parts[0]).toEqual({ text: 'hm', thought: true });
    expect(parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('')).toBe('ein längerer Text 👍');
    expect(parts.flatMap((part) => part.functionCall ?? [])).toEqual([calls[0], calls[1]]);
    const ends = chunks.map((chunk) => chunk.candidates[0]?.finishReason);
    expect(ends.slice(0, -1).every((reason) => reason === undefined)).toBe(true);
    expect(ends.at(-1)).toBe('STOP');
    expect(chunks.at(-1)?.usageMetadata).toEqual({
      promptTokenCount: 100,
      candidatesTokenCount: 7,
      totalTokenCount: 110,
      cachedContentTokenCount: 40,
      thoughtsTokenCount: 3,
    });
    expect(chunks[0]?.modelVersion).toBe('gemini-x');
  });

  test('may be empty, may end for another reason, may be of another model', async () => {
    const { url } = await start({ turns: [{ finishReason: 'SAFETY', model: 'gemini-y' }] });
    const chunks = await stream(url);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ candidates: [{ finishReason: 'SAFETY' }], modelVersion: 'gemini-y' });
  });

  test('can be cut after its first chunk, can hang until the server closes', async () => {
    const text = 'long enough for several chunks';
    const model = await start({
      turns: [
        { text, chunkSize: 4, stopAfterFirstChunk: 'cut' },
        { text, chunkSize: 4, stopAfterFirstChunk: 'hang' },
      ],
    });
    const cut = (await post(model.url, 'streamGenerateContent')).body?.getReader();
    expect(new TextDecoder().decode((await cut?.read())?.value)).toContain('long');
    await expect(cut?.read()).rejects.toThrow();
    const hanging = (await post(model.url, 'streamGenerateContent')).body?.getReader();
    expect((await hanging?.read())?.done).toBe(false);
    const rest = hanging?.read();
    rest?.catch(() => {});
    await model.close();
    await expect(rest).rejects.toThrow();
  });
});

describe('refusals', () => {
  test('an HTTP error has the shape of the API, with details and headers', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' }];
    const refuse = { code: 429, message: 'slow down', details, headers: { 'x-a': 'b' } };
    const { url } = await start({ turns: [{ refuse }] });
    const response = await post(url, 'streamGenerateContent');
    expect(response.status).toBe(429);
    expect(response.headers.get('x-a')).toBe('b');
    expect(await response.json()).toEqual({
      error: { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED', details },
    });
  });

  test('a dropped connection is an error of the client', async () => {
    const { url } = await start({ turns: [{ refuse: 'close' }] });
    await expect(post(url, 'streamGenerateContent')).rejects.toThrow();
  });

  test('a script that has ended answers with an error that says so', async () => {
    const { url } = await start();
    const response = await post(url, 'streamGenerateContent');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('no turn left');
  });
});

describe('the script', () => {
  test('turns may be made from the request and their number', async () => {
    const { url } = await start({ fallback: (request, index) => ({ text: `${index}: ${geminiUserTexts(request)}` }) });
    await stream(url);
    expect(partsOf(await stream(url, says('two')))).toEqual([{ text: '1: two' }]);
  });

  test('what does not stream takes no turn: it gets a value that its schema takes', async () => {
    const model = await start({ turns: [{ text: 'turn' }] });
    const schema = {
      type: 'OBJECT',
      properties: {
        choice: { type: 'STRING', enum: ['flash', 'pro'] },
        why: { type: 'string' },
        score: { type: 'number' },
        loop: { type: 'boolean' },
        list: { type: 'array' },
      },
    };
    const side = (await (
      await post(model.url, 'generateContent', { generationConfig: { responseJsonSchema: schema } })
    ).json()) as Chunk;
    const expected = { choice: 'flash', why: 'ok', score: 1, loop: false, list: [] };
    expect(JSON.parse(String(partsOf([side])[0]?.text))).toEqual(expected);
    expect((await (await post(model.url, 'generateContent')).json()) as Chunk).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'ok' }] } }],
    });
    expect(await (await post(model.url, 'countTokens', says('x'))).json()).toMatchObject({
      totalTokens: expect.any(Number),
    });
    expect((await fetch(`${model.url}/v1beta/cachedContents`)).status).toBe(404);
    expect(model.pending()).toBe(1);
    expect(model.requests.map(({ kind }) => kind)).toEqual(['side', 'side', 'other', 'other']);
  });

  test('records what came, pushes more, waits for turns', async () => {
    const model = await start();
    const later: GeminiTurn = { text: 'late', delayMs: 1 };
    model.push(later);
    const waiting = model.waitForTurns(1, 5_000);
    await stream(model.url, says('hello'));
    await waiting;
    expect(model.requests[0]).toMatchObject({ kind: 'turn', body: says('hello') });
    await expect(model.waitForTurns(2, 20)).rejects.toThrow('1 of 2');
  });

  test('a body that is not JSON is recorded as none and answered', async () => {
    const model = await start({ turns: [{ text: 'x' }] });
    expect((await post(model.url, 'streamGenerateContent', '{"half')).status).toBe(200);
    expect(model.requests[0]).toMatchObject({ body: undefined, kind: 'turn' });
  });
});

describe('looking into a request', () => {
  const request: GeminiRequest = {
    systemInstruction: { parts: [{ text: 'You are' }, { text: 'an agent' }] },
    tools: [{ functionDeclarations: [{ name: 'glob' }, {}] }, {}, { functionDeclarations: [{ name: 'read_file' }] }],
    contents: [
      { role: 'user', parts: [{ text: '<session_context>\nwhere\n</session_context>' }, { text: 'first' }] },
      {
        role: 'model',
        parts: [{ text: 'hm', thought: true }, { text: 'answer' }, { functionCall: { name: 'glob' } }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'glob', response: { output: 'a.txt' } } },
          { functionResponse: { name: 'read_file', response: { error: 'no such file' } } },
        ],
      },
    ],
  };

  test('who said what, what the tools answered, which tools there are', () => {
    expect(geminiSystemText(request)).toBe('You are\nan agent');
    expect(geminiUserTexts(request)).toEqual(['first']);
    expect(geminiModelTexts(request)).toEqual(['answer']);
    expect(geminiToolNames(request)).toEqual(['glob', 'read_file']);
    expect(geminiToolResults(request)).toEqual([
      { name: 'glob', text: 'a.txt' },
      { name: 'read_file', text: 'no such file' },
    ]);
  });

  test('an empty one has nothing', () => {
    expect([geminiSystemText({}), geminiUserTexts({}), geminiToolNames({}), geminiToolResults({})]).toEqual([
      ...['', [], [], []],
    ]);
  });
});
