import type { Control, ControlEnd } from '@pawl/core';
import { plainLine } from '@pawl/report';
import type { Context } from './context.ts';
import { coloredPatch } from './display/diff-lines.ts';
import type { Display } from './display/live.ts';
import { type Keys, openKeys } from './keys.ts';
import { userName } from './user-name.ts';

export interface Steering {
  readonly display: Display;
  request(control: Control): Promise<ControlEnd>;
  /** What a step at work has changed so far. */
  diffOf(step: string): Promise<string>;
  /** What the first line of the help says of Ctrl+C. */
  readonly onInterrupt: string;
}

const sureMs = 3000;
const mostTold = 20;

/** Keys that steer a run which is shown. Undefined where nobody can press one. */
export function openSteering({ stdin, terminal, env }: Context, steering: Steering): Keys | undefined {
  if (!terminal.live) return undefined;
  const { display, request, diffOf } = steering;
  const screen = terminal.people;
  let sureUntil = 0;
  const refused = (end: ControlEnd): void => {
    if (!end.done) display.say([screen.line(['yellow', `  ! ${plainLine(end.message)}`])]);
  };
  const note = (text: string): void => {
    display.note(text);
    setTimeout(() => display.note(undefined), sureMs).unref();
  };
  const abort = (): void => {
    if (Date.now() < sureUntil) void request({ type: 'abort', by: userName(env) }).then(refused);
    else note('press a once more to stop the run: agents end, what they left is recorded');
    sureUntil = Date.now() + sureMs;
  };
  const pause = (): void => void request({ type: 'pause', wanted: !display.pausing, by: userName(env) }).then(refused);
  const atStep = (act: (step: string) => void) => (): void => {
    const step = display.selected();
    if (step === undefined) note('no step is at work');
    else act(step);
  };
  const diff = atStep((step) => {
    void diffOf(step).then(
      (patch) => {
        const lines = patch.trim() === '' ? ['no file changed'] : coloredPatch(patch.trimEnd(), screen).split('\n');
        display.say([screen.line(['bold', `${plainLine(step)}: what it has changed so far`]), ...lines, '']);
      },
      (error: unknown) => note(plainLine(error instanceof Error ? error.message : String(error))),
    );
  });
  const log = atStep((step) => {
    const told = display.told(step).slice(-mostTold);
    const lines = told.length === 0 ? ['nothing yet'] : told.map(plainLine);
    display.say([
      screen.line(['bold', `${plainLine(step)}: the newest of its log`]),
      ...lines.map((line) => screen.line(['dim', `    ${line}`])),
      '',
    ]);
  });
  const help = (): void =>
    display.say([
      screen.line(['bold', 'keys']),
      ...[
        'a  stop the run (twice)',
        'p  ask me when the next step has passed its gates; once more: do not',
        'd  what the step with › has changed so far',
        'l  the newest lines of its log',
        '↑ ↓  another step',
        '?  this',
        `Ctrl+C  ${steering.onInterrupt}`,
      ].map((line) => screen.line(`  ${line}`)),
      '',
    ]);
  const actions: Readonly<Record<string, () => void>> = {
    a: abort,
    p: pause,
    d: diff,
    l: log,
    '?': help,
    h: help,
    '\u001b[A': () => display.select(-1),
    '\u001b[B': () => display.select(1),
    '\t': () => display.select(1),
  };
  return openKeys(stdin, (key) => actions[key]?.());
}
