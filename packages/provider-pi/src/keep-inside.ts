interface ToolCall {
  readonly toolName: string;
  readonly input: Readonly<Record<string, unknown>>;
}
interface Answer {
  readonly block: true;
  readonly reason: string;
}
/** As far as it is used here. */
export interface ExtensionApi {
  on(event: 'tool_call', handler: (call: ToolCall, context: { readonly cwd: string }) => Answer | undefined): void;
}

/** How a refusal of the extension begins, so that it is told from an error of the tool. */
export const denial = 'Denied by pawl: ';

/**
 * An extension that Pi loads in access `edit`: Pi itself writes wherever a path leads. It fails closed: Pi does not start when it
 * cannot load an extension it was told to.
 */
export const extensionFor = (directories: readonly string[]): string =>
  `export default (pi) => (${keepInside})(pi, ${JSON.stringify(denial)}, ${JSON.stringify(directories)});\n`;

/** Its text becomes a file of its own: it may use nothing from around it, nor an import, which a bundler would change. */
export function keepInside(pi: ExtensionApi, refusal: string, directories: readonly string[]): void {
  const { lstatSync, realpathSync } = process.getBuiltinModule('node:fs');
  const { homedir } = process.getBuiltinModule('node:os');
  const { basename, dirname, isAbsolute, join, relative, resolve } = process.getBuiltinModule('node:path');
  const writing = ['write', 'edit'];

  const isThere = (path: string): boolean => {
    try {
      lstatSync(path);
      return true;
    } catch {
      return false;
    }
  };
  // Of a file that need not exist yet. Undefined where a link leads to nothing: a write would make what it leads to.
  const realPath = (path: string): string | undefined => {
    try {
      return realpathSync(path);
    } catch {
      if (isThere(path) || dirname(path) === path) return undefined;
      const parent = realPath(dirname(path));
      return parent === undefined ? undefined : join(parent, basename(path));
    }
  };
  const isInside = (path: string, cwd: string): boolean => {
    const spelt = path.replace(/^@/, '').replace(/^~(?=$|[\\/])/, homedir());
    const real = realPath(resolve(cwd, spelt));
    if (real === undefined) return false;
    return [cwd, ...directories].some((folder) => {
      const base = realPath(folder);
      const way = base === undefined ? '' : relative(base, real);
      return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
    });
  };

  pi.on('tool_call', ({ toolName, input }, { cwd }) => {
    const path = input.path ?? input.file_path;
    if (!writing.includes(toolName) || typeof path !== 'string' || isInside(path, cwd)) return undefined;
    return { block: true, reason: `${refusal}${path} is outside of ${cwd}, where this step works.` };
  });
}
