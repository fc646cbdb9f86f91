import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, type AgentOptions, createAgent } from '@pawl/agent';
import type { FakeModel } from '@pawl/fake-models';
import type { Provider } from '@pawl/provider';
import { processesIn, type WorkingProcess } from './processes-in.ts';

export interface AgentStageOptions<Request, Turn> {
  readonly provider: Provider;
  readonly model: FakeModel<Request, Turn>;
  /** What points the agent at the model; its home is a folder of its own. */
  readonly environment: (home: string) => Readonly<Record<string, string>>;
  /** Settings and the like, before the first run. */
  readonly prepare?: (home: string) => void;
}

/** A real agent in a folder and a home of its own, in front of a scripted model. */
export interface AgentStage<Request, Turn> extends AsyncDisposable {
  readonly model: FakeModel<Request, Turn>;
  /** Where the agent works. */
  readonly folder: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  agent(options?: AgentOptions): Agent;
  /** Every process that works in the folder or below: the agent and what it started. */
  processes(): readonly WorkingProcess[];
  /** Bodies of the requests that took a turn. */
  turns(): readonly Request[];
}

export function openAgentStage<Request, Turn>(options: AgentStageOptions<Request, Turn>): AgentStage<Request, Turn> {
  const { provider, model, prepare } = options;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-agent-')));
  const folder = mkdtempSync(join(root, 'folder-'));
  const home = mkdtempSync(join(root, 'home-'));
  const environment = { HOME: home, ...options.environment(home) };
  prepare?.(home);
  return {
    model,
    folder,
    home,
    environment,
    agent: (more = {}) => createAgent(provider, { cwd: folder, env: environment, ...more }),
    processes: () => processesIn(folder),
    turns: () => model.requests.flatMap(({ kind, body }) => (kind === 'turn' && body !== undefined ? [body] : [])),
    [Symbol.asyncDispose]: async () => {
      await model.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
