import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';
import { openStore } from '@pawl/session-store';

const store = openStore({ file: 'pawl.db' });
await createAgent(claude(), { store }).run('Plan the payment module');

const [newest] = await store.sessions.list({ text: 'payment', limit: 20 });
if (!newest) throw new Error('There is no session yet.');
await store.sessions.rename(newest.id, 'Payments: the plan');
await store.sessions.tag(newest.id, 'payments');
console.log(await store.sessions.get(newest.id));
for await (const message of store.sessions.messages(newest.id, { limit: 50 })) console.log(message);
