/** A configuration of OpenCode by which `fake/fake-text` is a model on loopback, and nothing else is one. */
export function fakeProvider(url: string): object {
  const limit = { context: 128_000, output: 4_096 };
  const cost = { input: 1, output: 10, cache_read: 0.1, cache_write: 1 };
  const models = { 'fake-text': { reasoning: true, limit, cost }, 'fake-free': { limit } };
  const options = { baseURL: `${url}/v1`, apiKey: 'sk-fake' };
  const fake = { npm: '@ai-sdk/openai-compatible', options, models };
  return { enabled_providers: ['fake'], model: 'fake/fake-text', provider: { fake } };
}
