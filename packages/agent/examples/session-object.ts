import { createSessions } from '@pawl/agent';

const sessions = createSessions(); // in memory; with { store }, in the store
const session = await sessions.new({ maxMessages: 500 });
console.log(session.id, session.createdAt, session.messages);

await session.add({ role: 'user', text: 'Hello' });
console.log(session.lastMessage);

// Past the limit the oldest messages are dropped first.
for (let number = 1; number <= 500; number += 1) await session.add({ role: 'user', text: `${number}` });
console.log(session.messages.length, session.messages[0]);

const again = await sessions.resume(session.id);
const fork = await again.fork();
console.log(fork.isFork, fork.parentId === session.id);
