import type { Command } from 'commander';
import { type Act, below, collect, type Id, json } from './act.ts';

const events = ['--json', 'one event a line on standard output'] as const;
const ofRun = ['--run <id>', 'the same as naming it first'] as const;
const verbose = ['-v, --verbose', 'every tool call and text of the agents, gate output whole'] as const;
const detached = ['--detach', 'in a process of its own; pawl attach shows it'] as const;
const quiet = ['-q, --quiet', 'only warnings, questions and how it ends'] as const;

/** Commands that make a run work, wait or end. */
export function declareRuns(program: Command, act: Act): void {
  program
    .command('run [workflow]')
    .description('run a workflow on a specification')
    .option('--spec <file>', 'what shall be built')
    .option('--agent <name>', 'run this agent in every step')
    .option('--set <key=value>', 'a value for {key} in the workflow; may be repeated', collect)
    .option('--pause-after <step>', 'wait for a person after the gates of this step; may be repeated', collect)
    .option('--tag <tag>', 'what it is found by, with list --tag; may be repeated', collect)
    .option('--dry-run', 'show the plan; create nothing, call no agent')
    .option('--resume', 'go on with a run, as pawl resume does')
    .option('--replay', 'do a part of a run again, as pawl replay does')
    .option('--run <id>', 'with --resume or --replay: which')
    .option('--from-step <path>', 'with --replay: where it begins')
    .option('--edit-prompt <file>', 'with --replay: the prompt of that step')
    .option(...events)
    .option(...verbose)
    .option(...quiet)
    .option(...detached)
    .addHelpText('after', below(runNotes))
    .action(
      act(async (context, workflow: string | undefined, options) =>
        (await import('../commands/run.ts')).run(context, workflow, options),
      ),
    );
  program
    .command('resume [run]')
    .description('go on with a run that failed, was stopped or lost its process')
    .option(...events)
    .option(...verbose)
    .option(...quiet)
    .option(...detached)
    .addHelpText('after', below(resumeNotes))
    .action(
      act(async (context, run: Id, options) => (await import('../commands/resume.ts')).resume(context, run, options)),
    );
  program
    .command('replay [run]')
    .description('do a part of a run again, as a new run that begins before a step')
    .option('--from-step <path>', 'the step, by its path or the end of it')
    .option('--edit-prompt <file>', 'its prompt instead of the one in the workflow')
    .option('--agent <name>', 'its agent instead of the one in the workflow')
    .option(...events)
    .option(...verbose)
    .option(...quiet)
    .option(...detached)
    .addHelpText('after', below(replayNotes))
    .action(
      act(async (context, run: Id, options) => (await import('../commands/replay.ts')).replay(context, run, options)),
    );
  program
    .command('approve [run]')
    .description('answer a run that waits: it is well, go on')
    .option(...ofRun)
    .option('--step <step>', 'which question, where there are several')
    .option('--edited', 'with what you changed in its worktree')
    .option('--tree <id>', 'only these files, as a question names them: others make the answer void')
    .option('--comment <text>', 'kept with the answer')
    .option(...events)
    .option(...verbose)
    .option(...quiet)
    .option(...detached)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/answer.ts')).approve(context, run, options)),
    );
  program
    .command('reject [run]')
    .description('answer a run that waits: do it again')
    .option(...ofRun)
    .option('--step <step>', 'which question, where there are several')
    .option('--comment <text>', 'what shall be done differently: the agent is told')
    .option('--abort', 'stop the run instead')
    .option(...events)
    .option(...verbose)
    .option(...quiet)
    .option(...detached)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/answer.ts')).reject(context, run, options)),
    );
  program
    .command('answer [run]')
    .description('answer a run that waits, in one word')
    .option(...ofRun)
    .option('--step <step>', 'which question, where there are several')
    .option('--choice <word>', 'continue, retry, edited (continue with what you changed) or abort')
    .option('--comment <text>', 'kept with the answer; with retry the agent is told')
    .option(...events)
    .option(...verbose)
    .option(...quiet)
    .option(...detached)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/answer.ts')).answer(context, run, options)),
    );
  program
    .command('attach [run]')
    .description('show a run that another process has in hand, steer it, answer it')
    .option(...events)
    .option(...verbose)
    .option(...quiet)
    .addHelpText('after', below(attachNotes))
    .action(
      act(async (context, run: Id, options) => (await import('../commands/attach.ts')).attach(context, run, options)),
    );
  program
    .command('pause [run]')
    .description('let a run at work ask you when its next step has passed its gates')
    .option('--off', 'take that back')
    .option(...json)
    .action(
      act(async (context, run: Id, options) => (await import('../commands/pause.ts')).pause(context, run, options)),
    );
  program
    .command('abort <run>')
    .description('stop a run, wherever it is at work; it can be resumed')
    .option('--step <step>', 'only this step: it fails, other lanes go on')
    .option('--reason <text>', 'kept in the record')
    .option(...json)
    .action(
      act(async (context, run: string, options) => (await import('../commands/abort.ts')).abort(context, run, options)),
    );
}

const runNotes = `
Nothing in your checkout changes before pawl apply. Ctrl+C stops the agents and keeps what they left.

Exit codes: 0 passed, 1 failed, 2 wrong usage, 3 waiting for a person, 4 aborted or interrupted, 5 something is missing on
this machine.`;

const resumeNotes = `
Without an id it is the newest run of this repository that can be resumed. What passed stays; the step that
failed begins again in the worktree as it is, its conversation goes on, its attempts count from 1.`;

const replayNotes = `
The new run has a worktree of its own, at the commit before that step: what came before is kept, that step and what
follows is done afresh, in new sessions. The old run and its worktree stay as they are. The name of a step inside each
restarts all tasks; a whole path (build/task-2/impl) only that one. Without an id it is the newest run of this repository.`;

const attachNotes = `
Without an id it is the newest run of this repository that is at work. Keys: a stop it, p pause it at the next end
of gates, d what a step has changed, l its log, ↑ ↓ another step, ? help. Ctrl+C leaves it at work.`;
