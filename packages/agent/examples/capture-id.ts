import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude());
for await (const event of agent.stream('Analyze the codebase')) {
  if (event.type === 'session-ready') console.log(`Started session: ${event.session.id}`);
  if (event.type === 'text-delta') process.stdout.write(event.delta);
}
console.log(`Session for later: ${agent.session?.id}`);
