import { createAgent } from '@pawl/agent';
import { pi } from '@pawl/provider-pi';

const { text, session } = await createAgent(pi()).ephemeral().run('Quick one-off task.');
console.log(text, session);
