import type { Command, SessionStart } from '@pawl/provider';
import { asString, type Launch, refuse } from '@pawl/provider-kit';
import { accessFlags } from './access.ts';
import { headless } from './headless.ts';
import type { GeminiOptions } from './options.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A number would be taken for a place in the list, and `latest` for the newest. */
const stored = /^(?!\d+$|latest$)[A-Za-z0-9][A-Za-z0-9_.-]*$/;
/** The CLI reads no more of standard input, and only warns. */
const promptCap = 8 * 1_048_576;

/** The command line of one turn. The prompt goes to standard input: it may be longer than an argument can be. */
export function command(launch: Launch<GeminiOptions>): Command {
  const { options, model, prepared, start } = launch;
  return {
    file: options.binary,
    cwd: launch.cwd,
    stdin: checkedPrompt(launch.prompt),
    args: [
      ...['--output-format', 'stream-json'],
      ...startFlags(start, asString(prepared?.session), asString(prepared?.transcript)),
      ...(options.directories ?? []).flatMap((folder) => ['--include-directories', folder]),
      ...accessFlags(launch.access),
      ...(model === undefined ? [] : ['--model', model]),
      ...options.args,
    ],
    env: {
      // Its launcher swallows signals, and leaves the real process alone when it is killed.
      GEMINI_CLI_NO_RELAUNCH: 'true',
      // An untrusted folder ends the run before it begins; pawl was told to work here.
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      NO_COLOR: '1',
      ...(prepared?.settings === true
        ? {
            GEMINI_CLI_SYSTEM_SETTINGS_PATH: headless.settings,
            GEMINI_CLI_SYSTEM_DEFAULTS_PATH: headless.systemDefaults,
          }
        : {}),
    },
  };
}

function startFlags(start: SessionStart, session = 'latest', transcript = ''): readonly string[] {
  switch (start.kind) {
    case 'new':
      return start.id === undefined ? [] : ['--session-id', chosen(start.id)];
    case 'resume':
      return ['--resume', known(start.ref.id)];
    case 'continue':
      // By its id: `latest` is the one that was started last, and a new one where there is none.
      return ['--resume', session];
    case 'fork':
      return ['--session-file', transcript || `${known(start.ref.id)}.jsonl`];
    case 'ephemeral':
      throw refuse('unsupported', 'Gemini CLI keeps every session.');
  }
}

function checkedPrompt(prompt: string): string {
  if (new TextEncoder().encode(prompt).length > promptCap)
    throw refuse('bad-option', 'Gemini CLI reads no more than 8 MiB of a prompt: give it a file to read instead.');
  // A line that begins with one slash would be taken for a command of the CLI.
  return /^\/(?![/*])/.test(prompt) ? `\n${prompt}` : prompt;
}

/** Random ids only: two that begin with the same 8 characters share one file, and one of them is lost. */
function chosen(id: string): string {
  if (uuid.test(id)) return id;
  throw refuse('bad-option', `Sessions of Gemini CLI are named by UUIDs; ${JSON.stringify(id)} is none.`);
}

function known(id: string): string {
  if (stored.test(id)) return id;
  throw refuse('bad-option', `${JSON.stringify(id)} is no id of a session of Gemini CLI.`);
}
