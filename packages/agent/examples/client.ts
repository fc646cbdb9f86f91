import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude());

const first = await agent.run('Analyze the auth module');
console.log(first.text);

// The same session: the agent keeps it from call to call.
const second = await agent.run('Now refactor it to use JWT');
console.log(second.text);
