import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude());
const work = agent.run('Do some work until you are stopped');
await agent.abort(); // resolves when no process of it is left
console.log((await work).outcome.kind);

await agent.run('Do a little work');
await agent.close();
console.log(agent.session);
console.log((await agent.run('Fresh start')).text); // a new session
