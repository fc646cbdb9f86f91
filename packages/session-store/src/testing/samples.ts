import type { Plan, RunEvent } from '@pawl/core';

export function samplePlan(over: { readonly repository?: string; readonly spec?: string } = {}): Plan {
  return {
    planVersion: 1,
    workflow: { name: 'tdd', source: 'built in' },
    limits: {},
    agents: {},
    inputs: {},
    steps: [],
    spec: { text: over.spec ?? 'Add a calculator.', source: 'spec.md' },
    base: {
      commit: '0123456789abcdef0123456789abcdef01234567',
      branch: 'main',
      repository: over.repository ?? '/repo',
    },
    settings: { commands: {}, gateTimeoutMs: 60_000, failureChars: { error: 4000, diff: 4000 } },
  };
}

export function started(run: string, at = 1000, plan = samplePlan()): RunEvent {
  return { type: 'run-started', at, run, plan };
}

export function warned(message: string, at = 1001): RunEvent {
  return { type: 'warned', at, step: 'impl', code: 'interrupted', message };
}

export function ended(end: 'passed' | 'failed' | 'aborted', at = 2000): RunEvent {
  if (end === 'passed') return { type: 'run-ended', at, end };
  return { type: 'run-ended', at, end, failure: { step: 'impl', message: 'the tests fail' } };
}
