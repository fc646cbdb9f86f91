import { outstanding, type RunState } from '../src/index.ts';

/** What must not change in what a stored log means. New fields of the state are not in it. */
export const summaryOf = (state: RunState) => ({
  status: state.status,
  run: state.run,
  frames: Object.values(state.frames).map((frame) => [frame.id, frame.cursor, frame.status]),
  failure: state.failure ?? null,
  head: state.lanes.main?.head ?? null,
  lanes: Object.entries(state.lanes).map(([name, lane]) => [name, lane.head]),
  queue: state.queue,
  spent: { costUsd: state.spent.costUsd, unpriced: state.spent.unpriced, tokens: state.spent.tokens },
  outstanding: outstanding(state).map((effect) => effect.id),
  steps: Object.values(state.steps).map((step) => ({
    path: step.path,
    phase: step.phase,
    attempt: step.attempt,
    agent: step.agent ?? null,
    session: step.session?.ref.id ?? null,
    interruptions: step.interruptions,
    gates: Object.fromEntries(Object.entries(step.gates).map(([name, report]) => [name, report.pass])),
    output: step.output ?? null,
    tasks: step.tasks?.map((task) => task.name) ?? null,
    opened: [step.opened, step.merged],
    failure: step.failure?.reason ?? null,
    previous: step.previous?.failure?.reason ?? null,
    commit: step.commit ?? null,
  })),
});
