import { createAgent } from '@pawl/agent';
import { pi } from '@pawl/provider-pi';

const agent = createAgent(pi()).withSessionDir('sessions');
console.log((await agent.run('Work in a custom session location.')).text);
