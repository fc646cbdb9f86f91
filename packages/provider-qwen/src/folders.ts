type Environment = Readonly<Record<string, string>>;

/** Where Qwen Code keeps its settings; undefined where there is no home. */
export function configFolder(env: Environment): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  return env.QWEN_HOME ? expanded(env.QWEN_HOME, home) : home && `${home}/.qwen`;
}

/** Where it keeps the sessions that were started in a folder. */
export function chatsFolder(cwd: string, env: Environment): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  const base = env.QWEN_RUNTIME_DIR ? expanded(env.QWEN_RUNTIME_DIR, home) : configFolder(env);
  return base === undefined ? undefined : `${base}/projects/${projectName(cwd)}/chats`;
}

/** Other folders may be spelt the same. */
export function projectName(cwd: string): string {
  return trimmed(cwd).replace(/[^A-Za-z0-9]/g, '-');
}

export function trimmed(cwd: string): string {
  return cwd.length > 1 ? cwd.replace(/\/+$/, '') : cwd;
}

/** Where an administrator's settings lie, by system; those of other systems are simply not there. */
export const systemFolders: readonly string[] = [
  '/etc/qwen-code',
  '/Library/Application Support/QwenCode',
  'C:\\ProgramData\\qwen-code',
];

function expanded(path: string, home: string | undefined): string {
  return home === undefined ? path : path.replace(/^~(?=$|\/)/, home);
}
