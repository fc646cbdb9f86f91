import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Effect, Outcome, Plan } from '@pawl/core';
import { turnFolder } from '@pawl/runner';
import type { RunStore } from '@pawl/session-store';
import { events, patch, spec, tasks } from './gallery-texts.ts';
import { checkpointOf, story, turn } from './story.ts';

/** What some effects come to, by their id. */
export type Script = Readonly<Record<string, Outcome>>;

export interface Written {
  readonly runs: RunStore;
  readonly home: string;
  readonly run: string;
  readonly plan: Plan;
  readonly begins: number;
  readonly script: Script;
  readonly head: string;
  /** It is left when this effect is asked for. */
  readonly until?: string;
}

const takes: Readonly<Partial<Record<Effect['type'], number>>> = { 'run-agent': 47_000, 'run-gate': 6_200, merge: 700 };

/** Writes a run's log, and the files of its turns and gates. */
export async function writeRun({ runs, home, run, plan, begins, script, head, until }: Written): Promise<void> {
  let now = begins;
  let seq = 0;
  const keep = (name: string, text: string): void => {
    const file = join(home, 'runs', run, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const outcome = (effect: Effect): Outcome | undefined => {
    now += takes[effect.type] ?? 300;
    if (effect.type === 'run-agent') {
      keep(`${turnFolder(effect.id)}/prompt.md`, `Do this: ${effect.step}\n\n${spec}`);
      keep(`${turnFolder(effect.id)}/events.ndjson`, `${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
      keep(`${turnFolder(effect.id)}/native.log`, `${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
      const opus = effect.agent === 'claude-opus';
      return turn(effect.id, effect.expect === 'tasks' ? tasks : undefined, {
        model: opus ? 'opus' : effect.agent === 'codex' ? 'gpt-5.1-codex' : 'haiku',
        cost: effect.agent === 'codex' ? { state: 'unknown' } : { state: 'measured', usd: opus ? 0.42 : 0.031 },
        durationMs: 47_000,
      });
    }
    const told = script[effect.id];
    if (told?.kind === 'gate-ended' && told.report.log) keep(told.report.log, `${told.report.failure}\n`);
    if (told) return told;
    if (effect.type === 'checkpoint' && !effect.baseline) {
      const [file] = ['src/till.ts'];
      return {
        kind: 'checkpoint-made',
        checkpoint: {
          ...checkpointOf(effect.id, []),
          files: [{ path: file, change: 'modified', insertions: 11, deletions: 4 }],
          insertions: 11,
          deletions: 4,
          diff: patch,
        },
      };
    }
    if (effect.type === 'run-gate')
      return { kind: 'gate-ended', report: { pass: true, durationMs: 6200, command: effect.gate.name } };
    if ((effect.type === 'merge' || effect.type === 'advance') && effect.lane === 'main')
      return effect.type === 'merge' ? { kind: 'merged', commit: head } : { kind: 'branch-advanced', commit: head };
    return undefined;
  };
  for (const batch of story({ run, plan, now: () => now, outcome })) {
    seq = await runs.append(run, seq, batch);
    if (batch.some((event) => event.type === 'effect-requested' && event.effect.id === until)) return;
  }
}
