import type { FolderFiles, Host } from '@pawl/provider';

/** The files of several folders as those of one: what lies in one of them, and for a relative path the first. */
export function filesOf(folders: readonly string[], host: Host): FolderFiles | undefined {
  const all = folders.flatMap((folder) => host.files?.(folder) ?? []);
  const [first] = all;
  if (!first || all.length === 1) return first;
  const holding = async (path: string): Promise<FolderFiles | undefined> => {
    for (const files of all) if (await files.contains(path)) return files;
    return undefined;
  };
  return {
    contains: async (path) => (await holding(path)) !== undefined,
    read: async (path) => ((await holding(path)) ?? first).read(path),
    write: async (path, text) => ((await holding(path)) ?? first).write(path, text),
  };
}
