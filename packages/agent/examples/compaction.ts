import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';

for await (const event of createAgent(claude()).stream('Very long conversation …')) {
  if (event.type !== 'compaction') continue;
  console.log('Compacted!', event.trigger, event.tokensBefore);
}
