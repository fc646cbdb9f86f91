import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, type AgentOptions, createAgent, createHost } from '@pawl/agent';
import { type OpenAiResponsesOptions, type ResponsesTurn, startOpenAiResponses } from '@pawl/fake-models';
import type { Host } from '@pawl/provider';
import { codex } from '@pawl/provider-codex';
import { type Running, workingIn } from './stage.ts';

/** The real Codex in a folder and a home of its own, in front of a scripted model. */
export interface CodexStage extends AsyncDisposable {
  readonly model: Awaited<ReturnType<typeof startOpenAiResponses>>;
  /** Where the agent works. */
  readonly folder: string;
  readonly home: string;
  /** What points a Codex at the model, with its configuration. */
  readonly environment: Readonly<Record<string, string>>;
  agent(options?: AgentOptions): Agent;
  /** What an agent of this stage may touch. */
  readonly host: Host;
  /** Every process that works in the folder or below: the agent and what it started. */
  processes(): readonly Running[];
  /** Adds to the configuration. */
  configure(toml: string): void;
  /** The files of all sessions, oldest first. */
  rollouts(): readonly { readonly path: string; readonly text: string }[];
}

export interface CodexRetries {
  readonly retries?: 'many' | undefined;
}

export interface CodexStageOptions extends OpenAiResponsesOptions, CodexRetries {
  /** Default: the model's. */
  readonly baseUrl?: string;
}

export async function openCodexStage(options: CodexStageOptions = {}): Promise<CodexStage> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-stage-')));
  const folder = mkdtempSync(join(root, 'folder-'));
  const home = mkdtempSync(join(root, 'home-'));
  const model = await startOpenAiResponses(options);
  const config = join(home, '.codex', 'config.toml');
  const sessions = join(home, '.codex', 'sessions');
  mkdirSync(join(home, '.codex'));
  writeFileSync(config, codexConfiguration(options.baseUrl ?? `${model.url}/v1`, options.retries));
  const environment = { HOME: home, OPENAI_API_KEY: 'sk-fake' };
  return {
    model,
    folder,
    home,
    environment,
    host: createHost({ env: process.env, allow: codex().environment, extraEnv: environment }),
    agent: (more = {}) => createAgent(codex(), { cwd: folder, env: environment, ...more }),
    processes: () => workingIn(folder),
    configure: (toml) => writeFileSync(config, toml, { flag: 'a' }),
    rollouts: () =>
      readdirSync(sessions, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => ({ path: join(sessions, name), text: readFileSync(join(sessions, name), 'utf8') })),
    [Symbol.asyncDispose]: async () => {
      await model.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export const shell = (cmd: string, more: object = {}): ResponsesTurn => ({
  tools: [{ name: 'exec_command', input: { cmd, ...more } }],
});

export const patch = (path: string, text: string): ResponsesTurn => ({
  tools: [{ name: 'apply_patch', input: `*** Begin Patch\n*** Add File: ${path}\n+${text}\n*** End Patch\n` }],
});

/** Fewer retries than the default, which lasts 24 seconds for a server that is down. */
export function codexConfiguration(baseUrl: string, retries?: 'many'): string {
  return `model_provider = "fake"
model = "gpt-5.5"

[model_providers.fake]
name = "fake"
base_url = "${baseUrl}"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
request_max_retries = 1
stream_max_retries = ${retries === 'many' ? 9 : 1}
`;
}
