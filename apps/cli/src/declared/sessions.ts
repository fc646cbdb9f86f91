import type { Command } from 'commander';
import { type Act, below, json, whole } from './act.ts';

const limit = (fallback: number) =>
  ['--limit <n>', 'how many, 1 to 1000', whole('--limit', 1, 1000), fallback] as const;

/** Everything about conversations with agents. */
export function declareSessions(program: Command, act: Act): void {
  const sessions = program
    .command('sessions')
    .description('conversations with agents: list, read, go on, name, search')
    .addHelpText('after', below(notes));
  declareLooking(sessions, act);
  declareGoingOn(sessions, act);
  declareChanging(sessions, act);
  declareMoving(sessions, act);
}

function declareLooking(sessions: Command, act: Act): void {
  filtered(
    sessions
      .command('list', { isDefault: true })
      .description('those of this repository, last used first')
      .option('--all', 'also those that the agents have and pawl did not make')
      .option('--text <words>', 'only those in which these words were said')
      .option('--archived', 'only those in the archive'),
  ).action(act(async (context, options) => (await import('../commands/sessions/list.ts')).list(context, options)));
  filtered(
    sessions.command('search <words...>').description('where something was said, by words that begin so'),
  ).action(
    act(async (context, words: string[], options) =>
      (await import('../commands/sessions/search.ts')).search(context, words, options),
    ),
  );
  sessions
    .command('show <session>')
    .description('one session, with the tree of its forks')
    .option(...json)
    .action(
      act(async (context, id: string, options) =>
        (await import('../commands/sessions/show.ts')).show(context, id, options),
      ),
    );
  sessions
    .command('messages <session>')
    .description('what was said and done in it, page by page')
    .option(...limit(50))
    .option('--after <n>', 'behind the message of this number', whole('--after', 0, Number.MAX_SAFE_INTEGER))
    .option('--offset <n>', 'leave out so many', whole('--offset', 0, Number.MAX_SAFE_INTEGER))
    .option('--last', 'the end of it instead of the beginning')
    .option('--json', 'one message a line on standard output')
    .action(
      act(async (context, id: string, options) =>
        (await import('../commands/sessions/messages.ts')).messages(context, id, options),
      ),
    );
}

/** What `list` and `search` have in common. */
function filtered(command: Command) {
  return command
    .option('--agent <name>', 'of this agent, by its name in workflows or that of its adapter')
    .option('--repository <folder>', 'of another repository')
    .option('--everywhere', 'of all repositories')
    .option('--tag <tag>', 'with this tag')
    .option('--owner <name>', 'of this user')
    .option('--run <run>', 'of this run')
    .option('--since <time>', 'last used then or later: 2026-11-20, 2026-11-20T18:00, or 7d, 12h, 30m ago')
    .option('--until <time>', 'last used before')
    .option(...limit(20))
    .option('--before <session>', 'the page that follows this session')
    .option(...json);
}

function declareGoingOn(sessions: Command, act: Act): void {
  sessions
    .command('resume <session> [prompt...]')
    .description("one turn in it; without a prompt: the command that opens it in the agent's own interface")
    .option('--access <word>', 'read-only, edit or full', 'edit')
    .option('--model <name>', "instead of the agent's")
    .option('--agent <name>', 'with the settings of this agent, which must be of the same kind')
    .option('--cwd <folder>', "instead of the session's own folder")
    .option('--json', 'one event a line on standard output')
    .action(
      act(async (context, id: string, prompt: string[], options) =>
        (await import('../commands/sessions/resume.ts')).resume(context, id, prompt, options),
      ),
    );
}

function declareChanging(sessions: Command, act: Act): void {
  const change = () => import('../commands/sessions/change.ts');
  sessions
    .command('rename <session> <title>')
    .description('give it a title')
    .option(...json)
    .action(
      act(async (context, id: string, title: string, options) => (await change()).rename(context, id, title, options)),
    );
  sessions
    .command('tag <session> <tags...>')
    .description('add tags')
    .option(...json)
    .action(
      act(async (context, id: string, tags: string[], options) => (await change()).tag(context, id, tags, options)),
    );
  sessions
    .command('untag <session> <tags...>')
    .description('take tags off')
    .option(...json)
    .action(
      act(async (context, id: string, tags: string[], options) => (await change()).untag(context, id, tags, options)),
    );
  sessions
    .command('archive <sessions...>')
    .description('out of the lists, until it is used again')
    .option('--undo', 'back into the lists')
    .option(...json)
    .action(act(async (context, ids: string[], options) => (await change()).archive(context, ids, options)));
  sessions
    .command('remove <sessions...>')
    .description("forget it with its messages, for good; the agent's own transcript stays")
    .option(...json)
    .action(act(async (context, ids: string[], options) => (await change()).remove(context, ids, options)));
}

/** What makes another session, or takes one elsewhere. */
function declareMoving(sessions: Command, act: Act): void {
  sessions
    .command('fork <session>')
    .description('a new session with the same past, in a new worktree with the files of that moment')
    .option('--at <message>', 'behind this message: its id, the beginning of it, or its number')
    .option('--title <title>', 'what the new one is called')
    .option(...json)
    .action(
      act(async (context, id: string, options) =>
        (await import('../commands/sessions/fork.ts')).fork(context, id, options),
      ),
    );
  sessions
    .command('rewind <session>')
    .description('conversation and worktree go back to a message, in place; pawl undo takes it back')
    .requiredOption('--at <message>', 'behind this message: its id, the beginning of it, or its number')
    .option(...json)
    .action(
      act(async (context, id: string, options) =>
        (await import('../commands/sessions/rewind.ts')).rewind(context, id, options),
      ),
    );
  sessions
    .command('export <session>')
    .description('one file with all that another machine needs to go on with it')
    .requiredOption('-o, --output <file>', 'where to; nothing is written over')
    .option(...json)
    .action(
      act(async (context, id: string, options) =>
        (await import('../commands/sessions/export.ts')).exportSession(context, id, options),
      ),
    );
  sessions
    .command('import <file>')
    .description('take a session from such a file: in a repository into a worktree of its own')
    .option('--cwd <folder>', 'go on in this folder instead, whose files stay as they are')
    .option(...json)
    .action(
      act(async (context, file: string, options) =>
        (await import('../commands/sessions/import.ts')).importSession(context, file, options),
      ),
    );
}

const notes = `
A session is named by its id, the agent's own id of it, or the beginning of either.
  pawl sessions                          the newest of this repository
  pawl sessions show 4f0c                one, with its forks
  pawl sessions search payment module    where it was talked about
  pawl sessions fork 4f0c                another way, in a worktree of its own
  pawl sessions export 4f0c -o it.pawl   to go on with it on another machine`;
