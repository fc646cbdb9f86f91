/** append.ts <module that opens> <location> <run> <count>: appends batches of three, or one where others interfere. */
import { StoreError } from '../errors.ts';
import type { OpenStore } from './setup.ts';

const [module = '', location = '', run = '', count = '0'] = process.argv.slice(2);
const { open } = (await import(module)) as { readonly open: OpenStore };
const store = await open(location);
const size = Number(count) > 1000 ? 3 : 1;

let seq = (await store.runs.read(run)).length;
for (let done = 0; done < Number(count); ) {
  const events = Array.from({ length: size }, (_, index) => ({
    type: 'warned' as const,
    at: done,
    step: 'impl',
    code: 'interrupted' as const,
    message: `${process.pid}/${done}/${index}`,
  }));
  try {
    seq = await store.runs.append(run, seq, events);
    done += 1;
    process.stdout.write(`${seq}\n`);
  } catch (error) {
    if (!StoreError.is(error) || error.details.last === undefined) throw error;
    seq = error.details.last;
  }
}
await store.close();
