import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

await createAgent(claude()).run('Create an implementation plan for the payment module.');

// Later, perhaps in another process: the newest session of the folder, no id needed.
const agent = createAgent(claude()).continueLatest();
const { text } = await agent.run('Now implement the first item in the plan.');
console.log(text);
