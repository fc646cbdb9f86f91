import { createAgent, type RunResult } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';
import { openStore } from '@pawl/session-store';

const store = openStore({ file: 'pawl.db' });

async function ask(owner: string, prompt: string): Promise<RunResult> {
  const agent = createAgent(claude(), { store, owner });
  const [newest] = await store.sessions.list({ owner, limit: 1 });
  return (newest ? agent.resume(newest.ref) : agent).run(prompt);
}

console.log((await ask('ada', 'Help me with my code')).text);
console.log((await ask('bob', 'And me with mine')).text);
console.log((await ask('ada', 'Thank you')).text);
