import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, type AgentOptions, createAgent } from '@pawl/agent';
import { type AnthropicOptions, startAnthropic } from '@pawl/fake-models';
import { claude } from '@pawl/provider-claude';
import { quiet } from './environment.ts';

/** The real Claude Code in a folder and a home of its own, in front of a scripted model. */
export interface Stage extends AsyncDisposable {
  readonly model: Awaited<ReturnType<typeof startAnthropic>>;
  /** Where the agent works. */
  readonly folder: string;
  readonly home: string;
  /** What points a Claude Code at the model. */
  readonly environment: Readonly<Record<string, string>>;
  agent(options?: AgentOptions): Agent;
  /** Every process that works in the folder or below: the agent and what it started. */
  processes(): readonly Running[];
  /** Waits for the agent's, with a deadline, and answers its id. */
  agentProcess(): Promise<number>;
}

export interface Running {
  readonly pid: number;
  readonly name: string;
}

export async function openStage(
  options: AnthropicOptions = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-stage-')));
  const folder = mkdtempSync(join(root, 'folder-'));
  const home = mkdtempSync(join(root, 'home-'));
  const model = await startAnthropic(options);
  const environment = { ...quiet, HOME: home, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'fake-key', ...more };
  const processes = () => workingIn(folder);
  return {
    model,
    folder,
    home,
    environment,
    agent: (more = {}) => createAgent(claude(), { cwd: folder, env: environment, ...more }),
    processes,
    agentProcess: async () => {
      const deadline = Date.now() + 15_000;
      while (Date.now() < deadline) {
        const found = processes().find((one) => one.name === 'claude');
        if (found) return found.pid;
        await sleep(20);
      }
      throw new Error('no agent process was seen within 15 seconds');
    },
    [Symbol.asyncDispose]: async () => {
      await model.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Found by their working folder, which no other test shares: it also tells those that left the agent's process group. */
export function workingIn(folder: string): readonly Running[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,stat=,comm='], { encoding: 'utf8' });
  return listed.split('\n').flatMap((line) => {
    const [, pid, state, name] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!pid || !name || state?.startsWith('Z')) return [];
    const where = workingFolder(pid);
    if (where !== folder && !where?.startsWith(`${folder}/`)) return [];
    return [{ pid: Number(pid), name: basename(name) }];
  });
}

function workingFolder(pid: string): string | undefined {
  try {
    if (process.platform === 'linux') return realpathSync(`/proc/${pid}/cwd`);
    const fields = execFileSync('lsof', ['-a', '-p', pid, '-d', 'cwd', '-Fn'], { encoding: 'utf8' });
    return /^n(.*)$/m.exec(fields)?.[1];
  } catch {
    return undefined;
  }
}
