import { type ProjectFiles, projects } from './projects.ts';
import type { CommandKind } from './resolve.ts';

const kinds = ['compile', 'test', 'lint', 'coverage'] as const;

/** The commands that the gates of a project would run, as its files tell; what they do not tell is absent. */
export async function projectCommands(files: ProjectFiles): Promise<Readonly<Partial<Record<CommandKind, string>>>> {
  const found: Partial<Record<CommandKind, string>> = {};
  for (const kind of kinds)
    for (const project of projects) {
      const resolved = await project.resolve(kind, files).catch(() => undefined);
      if (!resolved || !('command' in resolved)) continue;
      found[kind] = resolved.command;
      break;
    }
  return found;
}
