import type { Plan } from '@pawl/core';
import type { Script } from './fake-agent.ts';
import { type FakeCommand, World } from './fakes.ts';
import { checks, code, planOf, split, validate } from './plans.ts';

const tasks = [
  { name: 'auth', description: 'Log in', files: ['auth.ts'] },
  { name: 'mail', description: 'Send mail', files: ['mail.ts'] },
];

/** The attempt of each task from which on the agent gets it right. */
const good: Readonly<Record<string, number>> = { auth: 2, mail: 3 };

const script: Script = ({ step, attempt, files }) => {
  if (step === 'decompose') return { text: `Here it is.\n\`\`\`json\n${JSON.stringify({ tasks })}\n\`\`\`` };
  if (step === 'review') return { json: { pass: true, comments: '' } };
  const task = step.split('/')[1]!;
  files.set(`${task}.ts`, attempt >= (good[task] ?? 1) ? `good ${task}` : `bad ${attempt}`);
  return { text: `${task} is written`, messageId: `${task}-${attempt}` };
};

const check: FakeCommand = (files) => {
  const bad = [...files].filter(([path, text]) => path.endsWith('.ts') && !text.startsWith('good'));
  return bad.length === 0 ? { output: 'fine\n' } : { code: 1, output: `${bad.map(([path]) => path)} is bad\n` };
};

/**
 * A split with two tasks (one passes at its second attempt in the same session, one when it has been escalated to another
 * agent), a review, and a step of gates only, after a setup.
 */
export function sampleWorld(): { readonly world: World; readonly plan: Plan } {
  const world = new World({ files: { 'README.md': 'sample' }, script, commands: { check } });
  const impl = code('impl', { gates: ['check'], attempts: 3, escalate: { 3: 'big' } });
  const steps = [split('decompose', [impl], { agent: 'big' }), validate('review'), checks('quality', 'check', 'lint')];
  return { world, plan: planOf(world.repository.base, steps, { settings: { setup: 'install' } }) };
}
