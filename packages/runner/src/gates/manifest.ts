export interface Manifest {
  readonly scripts: ReadonlyMap<string, string>;
  readonly packageManager?: string;
}

/** What matters of a package.json; undefined when it is none. */
export function readManifest(text: string): Manifest | undefined {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof json !== 'object' || json === null) return undefined;
    const { scripts, packageManager } = json as { scripts?: unknown; packageManager?: unknown };
    const entries = typeof scripts === 'object' && scripts !== null ? Object.entries(scripts) : [];
    return {
      scripts: new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
      ...(typeof packageManager === 'string' && { packageManager }),
    };
  } catch {
    return undefined;
  }
}
