import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude());
await agent.run('Analyze the auth module');

// A copy of what was said so far, with a session of its own.
const other = agent.fork(undefined, { title: 'OAuth2 instead' });
console.log((await other.run('Instead of JWT, implement OAuth2 for the auth module')).text);

// The original is as it was.
console.log((await agent.run('Continue with the JWT approach')).text);
console.log(agent.session?.id === other.session?.id);
