import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, createAgent, createHost, packSession, placeSession, readPart } from '@pawl/agent';
import type { Host, SessionRef } from '@pawl/provider';
import type { AgentInFront, ModelFor } from './every-agent.ts';

/** A home and a folder of its own, as on a machine of its own. */
export interface Home {
  readonly folder: string;
  readonly home: string;
  readonly host: Host;
  agent(): Agent;
}

export interface TwoHomes extends AsyncDisposable {
  readonly model: ModelFor;
  readonly here: Home;
  readonly there: Home;
  /** One more folder with the home of `here`. */
  otherFolder(): Home;
}

export async function openTwoHomes({ provider, model: name, open }: AgentInFront): Promise<TwoHomes> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-homes-')));
  const model = await open();
  const made = (home: string): Home => {
    const folder = mkdtempSync(join(root, 'folder-'));
    const env = { ...model.environment, HOME: home };
    return {
      ...{ folder, home },
      host: createHost({ env: { ...process.env, ...env }, allow: provider.environment, extraEnv: env }),
      agent: () => createAgent(provider, { cwd: folder, env, ...(name === undefined ? {} : { model: name }) }),
    };
  };
  const fresh = () => {
    const home = mkdtempSync(join(root, 'home-'));
    model.prepare(home);
    return made(home);
  };
  const here = fresh();
  return {
    ...{ model, here, there: fresh(), otherFolder: () => made(here.home) },
    [Symbol.asyncDispose]: async () => {
      await model.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Packs a session in one home and places it in another. */
export async function take(
  { provider }: AgentInFront,
  ref: SessionRef,
  from: Home,
  to: Home,
  how: { readonly copy?: string; readonly at?: string } = {},
): Promise<SessionRef> {
  const parts = await packSession(provider, ref, from.host);
  const request = { from: ref, parts: parts.map(({ name }) => name), cwd: to.folder, ...how };
  return placeSession(provider, request, to.host, (name) => {
    const part = parts.find((each) => each.name === name);
    if (!part) throw new Error(`there is no part ${name}`);
    return readPart(part);
  });
}
