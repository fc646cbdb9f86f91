import type { AgentStep, PlannedAgent } from '@pawl/core';

/** Agents that exist where the workflow will run. */
export interface AgentEnvironment {
  /** By provider id: what its model aliases stand for. */
  readonly providers: Readonly<Record<string, { readonly models: Readonly<Record<string, string>> }>>;
  /** By provider id: the command that adds an adapter that is not there yet. */
  readonly installable?: Readonly<Record<string, string>>;
  /** Agents named in config.yaml. */
  readonly agents: Readonly<
    Record<string, { readonly provider: string; readonly model?: string; readonly options: PlannedAgent['options'] }>
  >;
}

export interface CompileEnvironment extends AgentEnvironment {
  /** Text of each file that `promptFiles` lists, by its path as listed. */
  readonly promptFiles: ReadonlyMap<string, string>;
  /** Values given with `--set`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** `--agent`: runs every agent step; entries of `retry` keep theirs, and `agent: pass` stays. */
  readonly agentOverride?: string;
  /** What stands in the place of what the workflow says, by the address of a step with an agent. */
  readonly edits?: Readonly<Record<string, StepEdit>>;
  /** The workflows that may be called, by the names that `workflowNames` lists. Asked more than once for a name. */
  readonly workflows?: (name: string) => WorkflowText | undefined;
  /** What an agent can do, where it is known. */
  readonly capabilities?: (agent: PlannedAgent) => AgentCapabilities | undefined;
}

export interface StepEdit {
  /** A prompt as a file has it; `file` is shown where it is wrong. */
  readonly prompt?: { readonly text: string; readonly file: string };
  readonly agent?: string;
}

/** A workflow that is called. Two of the same `file` are the same. */
export interface WorkflowText {
  readonly text: string;
  readonly file: string;
  /** As in `CompileEnvironment`, relative to this file. */
  readonly promptFiles?: ReadonlyMap<string, string>;
}

/** The part of a provider's capabilities that is looked at; an absent one is not. */
export interface AgentCapabilities {
  readonly sessions?: readonly string[];
  readonly access?: readonly AgentStep['access'][];
}
