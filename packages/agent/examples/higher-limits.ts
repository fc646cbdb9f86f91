import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

const agent = createAgent(claude());
const { outcome } = await agent.run('Migrate every test', { limits: { turns: 2, costUsd: 1 } });
if (outcome.kind === 'limited') {
  console.log(`Stopped at its limit of ${outcome.limit}`);
  console.log((await agent.run('Go on', { limits: { turns: 20, costUsd: 5 } })).outcome.kind);
}
