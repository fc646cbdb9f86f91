import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude());
const { messageId } = await agent.run('Design the cache');
await agent.run('Implement it with Redis');
if (!agent.session || !messageId) throw new Error('This agent told no session, or no message.');

// Behind that message, in a copy: the original keeps both turns.
const again = agent.resume(agent.session, { at: messageId });
console.log((await again.run('Try a different approach from here')).text);
