import { createAgent } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';
import { codex } from '@pawl/provider-codex';
import { gemini } from '@pawl/provider-gemini';
import { opencode } from '@pawl/provider-opencode';
import { pi } from '@pawl/provider-pi';

for (const provider of [claude(), codex(), gemini(), opencode(), pi()]) {
  const { session } = await createAgent(provider).run('Explain the test structure.');
  if (!session) continue; // told by none, invented by none
  const latest = createAgent(provider).continueLatest();
  console.log((await latest.run('Continue the previous task.')).text);
  const specific = createAgent(provider).resume(session);
  console.log((await specific.run('Pick up from where we left off.')).text);
}
