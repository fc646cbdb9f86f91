import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPawl } from '../pawl.ts';
import type { LiveAgent, LiveStage } from './live-agent.ts';
import { NeitherNor } from './neither-nor.ts';
import type { Cell } from './row.ts';

const workflow = `name: answer
steps:
  - name: answer
    type: artifact
    agent: live
    prompt: "{spec}"
    output:
      type: object
      required: [word]
      additionalProperties: false
      properties: { word: { type: string } }
  - name: read
    gate: [{ bash: 'test "{answer.output}" != ""' }]
`;

/** A whole run: by the CLI's own schema where it has one, else pawl reads the last message and checks it. */
export async function tryOutput<Turn>(live: LiveAgent<Turn>, stage: LiveStage<Turn>): Promise<Cell> {
  const { repository, run } = await openPawl(stage);
  const { provider, model, options = {} } = live;
  const agent = { provider: provider.id, ...(model === undefined ? {} : { model }), options };
  await mkdir(join(repository, '.pawl', 'workflows'), { recursive: true });
  await writeFile(join(repository, '.pawl', 'config.yaml'), JSON.stringify({ agents: { live: agent } }));
  await writeFile(join(repository, '.pawl', 'workflows', 'answer.yaml'), workflow);
  stage.model.push(...live.structured({ word: 'pawl-word' }));
  const { code, stdout, stderr } = await run('answer', '--spec', 'spec.md');
  if (code !== 0) throw new NeitherNor(`structured output: exit ${code}\n${stderr}\n${stdout.slice(-4_000)}`);
  if (!stdout.includes('pawl-word')) throw new NeitherNor('structured output: another one');
  return 'works';
}
