import { describe } from '../errors.ts';
import type { Surroundings } from '../perform.ts';
import type { Lane } from '../ports.ts';
import { projects } from './projects.ts';

export type CommandKind = 'compile' | 'test' | 'lint' | 'coverage';
export type Resolved =
  | { readonly command: string }
  /** There is nothing to run, and that is fine. */
  | { readonly skipped: string }
  | { readonly problem: string };

const maxMarkerBytes = 1024 * 1024;

/** A gate's command: the configuration's, else the first project marker in the worktree that knows one. */
export async function resolveCommand(kind: CommandKind, lane: Lane, { state, ports }: Surroundings): Promise<Resolved> {
  const configured = state.plan.settings.commands[kind];
  if (configured !== undefined) return { command: configured };
  const hint = `name one in .pawl/config.yaml: commands: { ${kind}: "…" }`;
  const files = {
    read: (path: string) => ports.worktreeFiles.read(lane.path, path, maxMarkerBytes),
    names: () => ports.worktreeFiles.names(lane.path),
  };
  let nothing: Resolved | undefined;
  for (const project of projects) {
    const found = await project.resolve(kind, files).catch(
      // The agent can have put anything in the place of these files.
      (error: unknown) => ({ problem: `No ${kind} command was found: ${describe(error).message}; ${hint}` }),
    );
    if (found && !('skipped' in found)) return found;
    nothing ??= found;
  }
  if (nothing) return nothing;
  if (kind === 'lint' || kind === 'coverage') return { skipped: `no ${kind} command is known here; ${hint}` };
  return { problem: `No ${kind} command was found in this project: ${hint}` };
}
