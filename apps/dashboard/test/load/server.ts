// The dashboard as a process of its own: what it needs of memory is its own.
import { start } from '../../server/start.ts';

await start(process.argv.slice(2));
