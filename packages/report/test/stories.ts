import type { RunEvent } from '@pawl/core';
import { codeStep, compile, gateFailure, gateStep, lint, logOf, splitStep, test } from './builders.ts';

/**
 * A run that is retried and escalates: `red` passes at once (measured money); `green` fails its gate with a cheap
 * agent that tells no cost, trips a guard, and passes with a stronger one; the last step only checks.
 */
export function escalation(): RunEvent[] {
  const log = logOf([codeStep('red'), codeStep('green'), gateStep('final check')]);
  log.openWorktree(200);
  log.step('red');
  log.attempt('red', 1, 'claude-haiku');
  log.agent('red', 1, 30_000, {
    model: 'claude-haiku-4-5',
    session: { provider: 'claude', id: 'session-1', cwd: '/w' },
    usage: { inputTokens: 10_000, cachedInputTokens: 6_000, outputTokens: 500, turns: 4 },
    cost: { state: 'measured', usd: 0.1 },
  });
  log.checkpoint('red', 1, 50, [{ path: 'test/add.test.js', change: 'added', insertions: 12, deletions: 0 }]);
  log.gate('red', 1, compile, 1_000);
  log.gate('red', 1, lint, 10, { skipped: 'no linter in this project' });
  log.attemptEnded('red', 1);
  log.advance('red', 1, 40, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
  log.stepEnded('red', 'passed', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

  log.step('green');
  log.attempt('green', 1, 'qwen');
  log.agent('green', 1, 20_000, { usage: {} });
  log.checkpoint('green', 1, 50, [{ path: 'src/add.js', change: 'added', insertions: 3, deletions: 0 }]);
  log.gate('green', 1, test, 2_000, {
    pass: false,
    failure: 'FAIL test/add.test.js\nexpected 3, got 4',
    exitCode: 1,
    command: 'npm test',
  });
  log.attemptEnded('green', 1, gateFailure('test'));
  log.attempt('green', 2, 'qwen', { mode: 'kept' });
  log.agent('green', 2, 5_000, {
    end: { kind: 'limited', limit: 'max_turns', by: 'step', message: 'more than 3 turns' },
    usage: { inputTokens: 2_000, outputTokens: 100, turns: 3 },
    cost: { state: 'estimated', usd: 0.02 },
  });
  log.checkpoint('green', 2, 50, [{ path: 'src/add.js', change: 'added', insertions: 90, deletions: 0 }]);
  log.reset('green', 2, 60);
  log.attemptEnded('green', 2, {
    reason: 'guard',
    guard: 'max_turns',
    message: 'more than 3 turns',
    text: 'more than 3 turns',
    final: false,
  });
  log.tell({
    type: 'warned',
    step: 'green',
    code: 'session-agent-changed',
    message: 'claude-opus cannot go on with the session of qwen: a new one begins',
  });
  log.attempt('green', 3, 'claude-opus');
  log.agent('green', 3, 60_000, {
    usage: { inputTokens: 20_000, cachedInputTokens: 9_000, outputTokens: 1_500, reasoningTokens: 700, turns: 6 },
    cost: { state: 'measured', usd: 0.2 },
  });
  log.checkpoint('green', 3, 50, [
    { path: 'src/add.js', change: 'added', insertions: 5, deletions: 0 },
    { path: 'test/add.test.js', change: 'modified', insertions: 1, deletions: 2 },
  ]);
  log.gate('green', 3, compile, 900);
  log.gate('green', 3, test, 2_100);
  log.attemptEnded('green', 3);
  log.advance('green', 3, 40, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
  log.stepEnded('green', 'passed', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');

  log.step('final check');
  log.attempt('final check', 1);
  log.gate('final check', 1, test, 2_000);
  log.attemptEnded('final check', 1);
  log.stepEnded('final check', 'passed');
  log.wait(450);
  log.end('passed');
  return log.events;
}

/** A split whose second task fails for good; every agent is a script that tells neither tokens nor money. */
export function failedTask(output = 'AssertionError: expected 3, got 4'): RunEvent[] {
  const log = logOf([splitStep('decompose', ['impl', 'check']), codeStep('quality')]);
  log.openWorktree();
  log.step('decompose');
  log.attempt('decompose', 1, 'planner');
  log.agent('decompose', 1, 4_000);
  log.checkpoint('decompose', 1, 20, []);
  log.attemptEnded('decompose', 1);
  log.tell({
    type: 'tasks-planned',
    step: 'decompose',
    tasks: ['auth', 'größe', 'mail'].map((name) => ({ name, description: `do ${name}`, files: [] })),
  });
  for (const task of ['auth', 'größe']) {
    log.task('decompose', task);
    const parent = { step: 'decompose', task };
    const impl = `decompose/${task}/impl`;
    log.step(impl, 'decompose/impl', parent);
    log.attempt(impl, 1, 'worker');
    log.agent(impl, 1, 3_000);
    log.checkpoint(impl, 1, 20, [{ path: `src/${task}.js`, change: 'added', insertions: 7, deletions: 1 }]);
    const broken = task === 'größe';
    log.gate(impl, 1, test, 500, broken ? { pass: false, failure: output, exitCode: 1 } : {});
    log.attemptEnded(impl, 1, broken ? gateFailure('test') : undefined);
    log.stepEnded(impl, broken ? 'failed' : 'passed');
    if (broken) break;
    const check = `decompose/${task}/check`;
    log.step(check, 'decompose/check', parent);
    log.attempt(check, 1, 'worker');
    log.agent(check, 1, 1_000);
    log.checkpoint(check, 1, 20, []);
    log.attemptEnded(check, 1);
    log.stepEnded(check, 'passed');
    log.taskEnded('decompose', task, 'passed');
  }
  log.taskEnded('decompose', 'größe', 'failed');
  log.stepEnded('decompose', 'failed');
  log.end('failed', { step: 'decompose/größe/impl', message: 'gate failed: test' });
  return log.events;
}

/** Stopped by its user while the second step's agent works. */
export function aborted(): RunEvent[] {
  const log = logOf([codeStep('red'), codeStep('green')]);
  log.openWorktree();
  log.step('red');
  log.attempt('red', 1, 'qwen');
  const id = log.askAgent('red', 1);
  log.wait(2_500);
  log.tell({ type: 'abort-requested', reason: 'Ctrl+C' });
  log.tell({ type: 'effect-settled', effect: id, outcome: { kind: 'cancelled' } });
  log.end('aborted');
  return log.events;
}
