import { responsesToolResults, responsesUserTexts } from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import type { CodexStage } from './codex-stage.ts';

export const said = (stage: CodexStage, index: number) =>
  responsesUserTexts(stage.model.requests.at(index)?.body ?? {});
export const answers = (stage: CodexStage) =>
  stage.model.requests.flatMap(({ body }) => responsesToolResults(body ?? {}).map(({ text }) => text));
export const oneAnswer = {
  inputTokens: 9_000,
  cachedInputTokens: 6_000,
  outputTokens: 40,
  reasoningTokens: 16,
  turns: 1,
};
export const yes = { fallback: { text: 'Yes.' } };

export async function eventsOf(stream: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

export function raise(): never {
  throw new Error('the turn told no session');
}

/** Its one tool writes a file. */
export function mcpServer(path: string): string {
  return `import { createInterface } from 'node:readline';
import { writeFileSync } from 'node:fs';
const say = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'notes', version: '1' } });
  } else if (method === 'tools/list') say(id, { tools: [{ name: 'write', inputSchema: { type: 'object' } }] });
  else if (method === 'tools/call') {
    writeFileSync(${JSON.stringify(path)}, process.env.PAWL_NOTE ?? 'x');
    say(id, { content: [{ type: 'text', text: 'written' }] });
  } else if (id !== undefined) say(id, {});
});
`;
}
