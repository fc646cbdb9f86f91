import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude(), { timeoutMs: 300_000, cwd: process.cwd() });

const plan = await agent.run('Create a 3-step plan for adding rate limiting to the API.');
console.log(`Plan:\n${plan.text}`);
if (!plan.session) throw new Error('No session available: it cannot go on.');

for (const step of [1, 2]) {
  const { text } = await agent.run(`Implement step ${step} from the plan.`);
  console.log(`Step ${step} result:\n${text}`);
}
