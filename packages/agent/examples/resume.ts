import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude());
const { session } = await agent.run('Analyze the auth module');
if (!session) throw new Error('This agent told no session.');
const stored = JSON.stringify(session); // a database, a cache, a file: it is data

const later = createAgent(claude()).resume(JSON.parse(stored));
console.log((await later.run('Now implement the refactoring you suggested')).text);
