import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Stage, until } from './stage.ts';

/** Tests that need it say so by name where it is not there. */
export const hasTmux: boolean = spawnSync('tmux', ['-V']).status === 0;

const entry = join(import.meta.dirname, '../src/main.ts');
const compiled = join(import.meta.dirname, '../node_modules/.cache/compile');

/** A real terminal: what is typed, what stands on the screen. */
export interface RealTerminal {
  /** Types a line and presses Enter. */
  type(line: string): void;
  /** Presses keys, by tmux's names (`C-c`, `Down`, `a`). */
  press(...keys: readonly string[]): void;
  resize(columns: number, rows: number): void;
  /** The screen as it stands, without spaces at the ends of lines. */
  screen(): string;
  /** The same with the escape sequences that colour it. */
  colored(): string;
  /** Waits until the screen shows something. */
  shows(what: string | RegExp, ms?: number): Promise<string>;
  close(): void;
}

const withoutEnds = (captured: string): string =>
  captured
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();

/** Opens one with a shell in the stage's repository, where `pawl` is the program. */
export function openTmux(stage: Stage, columns: number, rows: number): RealTerminal {
  const socket = join(stage.folder, 'tmux.sock');
  const { NO_COLOR: _, ...plain }: NodeJS.ProcessEnv = stage.env;
  const env: NodeJS.ProcessEnv = { ...plain, NODE_COMPILE_CACHE: compiled, PS1: '$ ', TERM: 'xterm-256color' };
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8', env, timeout: 10_000 });
  const size = ['-x', String(columns), '-y', String(rows)];
  tmux('-f', '/dev/null', 'new-session', '-d', ...size, '-s', 'test', '-c', stage.repository, 'sh');
  const terminal: RealTerminal = {
    type(line) {
      tmux('send-keys', '-t', 'test', '-l', line);
      tmux('send-keys', '-t', 'test', 'Enter');
    },
    press: (...keys) => void tmux('send-keys', '-t', 'test', ...keys),
    resize: (wide, high) => void tmux('resize-window', '-t', 'test', '-x', String(wide), '-y', String(high)),
    screen: () => withoutEnds(tmux('capture-pane', '-p', '-t', 'test')),
    colored: () => withoutEnds(tmux('capture-pane', '-p', '-e', '-t', 'test')),
    async shows(what, ms = 30_000) {
      let seen = '';
      const found = () => {
        seen = terminal.screen();
        return typeof what === 'string' ? seen.includes(what) : what.test(seen);
      };
      await until(`${what} on the screen`, found, ms).catch((error: Error) => {
        throw new Error(`${error.message}\n${seen}`);
      });
      return seen;
    },
    close: () => void spawnSync('tmux', ['-S', socket, 'kill-server']),
  };
  terminal.type(`pawl() { '${process.execPath}' --conditions=@pawl/source '${entry}' "$@"; }; clear`);
  return terminal;
}
