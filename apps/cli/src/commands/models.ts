import { displayWidth, pad, plainLine } from '@pawl/report';
import { unknownAgent } from '../agent-of.ts';
import { loadConfig, noConfig } from '../config/load.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit.ts';

/** The names a workflow may use for an agent with a model, and the model that each is given. */
export async function models(
  context: Context,
  agent: string | undefined,
  options: { readonly json?: boolean },
): Promise<number> {
  const { terminal } = context;
  const root = await context.root();
  const { installed } = await context.providers(root);
  const { agents } = root === undefined ? noConfig : await loadConfig(root);
  if (agent !== undefined && !installed.has(agent)) throw unknownAgent(agent, [...installed.keys()]);
  const rows = [...installed.values()]
    .filter(({ id }) => agent === undefined || id === agent)
    .flatMap(({ id, models: known }) =>
      Object.entries(known).map(([alias, model]) => ({ name: `${id}-${alias}`, provider: id, model })),
    );
  const own = Object.entries(agents).flatMap(([name, { provider, model }]) =>
    model === undefined || (agent !== undefined && provider !== agent) ? [] : [{ name, provider, model }],
  );
  const all = [...rows, ...own];
  if (options.json) {
    terminal.print(JSON.stringify({ version: 1, models: all }));
    return exitCodes.passed;
  }
  const wide = Math.max(0, ...all.map(({ name }) => displayWidth(name)));
  for (const { name, model } of all)
    terminal.print(terminal.data.line(pad(plainLine(name), wide), '  ', ['dim', plainLine(model)]));
  terminal.say('any other model: <agent>-<the name that the agent knows it by>, or model: in .pawl/config.yaml');
  return exitCodes.passed;
}
