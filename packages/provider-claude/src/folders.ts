type Environment = Readonly<Record<string, string>>;

/** Where Claude Code keeps its things; undefined where there is no home. */
export function configFolder(env: Environment): string | undefined {
  const home = env.HOME ?? env.USERPROFILE;
  return env.CLAUDE_CONFIG_DIR ?? (home === undefined ? undefined : `${home}/.claude`);
}

/** Transcripts of the sessions that were started in a folder: `<config>/projects/<the path, spelt so>`. */
export function projectName(cwd: string): string {
  return cwd.replace(/[^A-Za-z0-9]/g, '-');
}

/** The CLI cuts longer names and adds a hash. */
const nameCap = 200;

/** Whether a folder below `projects` is that of `cwd`. */
export function isProject(name: string, cwd: string): boolean {
  const whole = projectName(cwd);
  return name === whole || (whole.length > nameCap && name.startsWith(`${whole.slice(0, nameCap)}-`));
}
