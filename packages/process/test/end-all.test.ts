import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endAll, type Members } from '../src/end-all.ts';
import { identify, isAlive } from '../src/identity.ts';

const nobody: Members = { members: [], sure: true };
const unsure: Members = { members: [], sure: false };

async function sleeper() {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('it does not run');
  return identity;
}

test('where nobody can tell at first it looks again, and ends who is found then', async () => {
  const late = await sleeper();
  const looks = [unsure, unsure, { members: [late], sure: false }, unsure];
  expect(await endAll(() => looks.shift() ?? nobody, 1000)).toBe(1);
  expect(isAlive(late)).toBe(false);
  expect(looks).toEqual([]);
});

test('one look is enough where it is sure', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
    return nobody;
  };
  expect(await endAll(look, 1000)).toBe(0);
  expect(looks).toBe(1);
});

test('what nobody can ever tell is given up', async () => {
  expect(await endAll(() => unsure, 1000)).toBe(0);
});
