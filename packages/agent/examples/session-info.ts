import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const stream = createAgent(claude()).stream('Hello');
for await (const event of stream) {
  if (event.type !== 'session-ready') continue;
  console.log(`Session: ${event.session.id}`);
  console.log(`Working dir: ${event.cwd}`);
  console.log(`Model: ${event.model}`);
  console.log(`Access: ${event.access}`);
  console.log(`Tools: ${event.tools?.join(', ')}`);
  console.log(`MCP servers: ${event.mcpServers?.join(', ')}`);
}
const { session, turns, cost } = await stream.result;
console.log(session?.id, turns, cost);
