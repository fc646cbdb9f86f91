import type { Command, SessionStart } from '@pawl/provider';
import { asArray, asString, type Launch, refuse } from '@pawl/provider-kit';
import type { CodexOptions } from './options.ts';
import { strictSchema } from './schema.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const schemaFile = 'pawl-output-schema.json';

/**
 * The command line of one turn. All flags come before the subcommand, which does not know some of them. Model and sandbox
 * are not kept by a session, so they go with every turn. The prompt goes to standard input.
 */
export function command(launch: Launch<CodexOptions>): Command {
  const { options, outputSchema, prepared } = launch;
  // Another model than that of the session would first have its history replaced by a summary.
  const model = launch.model ?? asString(prepared?.model);
  return {
    file: options.binary,
    cwd: launch.cwd,
    stdin: launch.prompt,
    args: [
      'exec',
      // First, because `--image` takes all words up to the next flag.
      ...options.args,
      '--json',
      '--skip-git-repo-check',
      // Else every run without a network waits five seconds at its end.
      ...['-c', 'analytics.enabled=false'],
      ...accessFlags(launch),
      ...(model === undefined ? [] : ['-m', model]),
      ...(options.effort === undefined ? [] : ['-c', `model_reasoning_effort="${options.effort}"`]),
      ...(outputSchema ? ['--output-schema', schemaFile] : []),
      ...startWords(launch.start, asString(prepared?.id)),
      '-',
    ],
    ...(outputSchema ? { files: { [schemaFile]: JSON.stringify(strictSchema(outputSchema)) } } : {}),
  };
}

function accessFlags({ access, options, prepared }: Launch<CodexOptions>): readonly string[] {
  switch (access) {
    case 'read-only': {
      const off = asArray(prepared?.off).flatMap((setting) => asString(setting) ?? []);
      // A rule that allows a command lets it run outside the sandbox.
      return ['-s', 'read-only', '--ignore-rules', ...off.flatMap((setting) => ['-c', setting])];
    }
    case 'edit':
      return [
        ...['-s', 'workspace-write'],
        ...(options.network ? ['-c', 'sandbox_workspace_write.network_access=true'] : []),
      ];
    case 'full':
      return ['-s', 'danger-full-access'];
  }
}

function startWords(start: SessionStart, continued: string | undefined): readonly string[] {
  switch (start.kind) {
    case 'new':
      return [];
    case 'resume':
      return ['resume', checked(start.ref.id)];
    case 'continue':
      // `--last` starts a new session where there is none to continue, and says nothing.
      return ['resume', continued ?? '--last'];
    case 'fork':
      return ['fork', checked(start.ref.id)];
    case 'ephemeral':
      return ['--ephemeral'];
  }
}

/** Anything else would be taken for a name, and an unknown name starts a new session. */
function checked(id: string): string {
  if (uuid.test(id)) return id;
  throw refuse('bad-option', `Codex names sessions by UUIDs; ${JSON.stringify(id)} is none.`);
}
