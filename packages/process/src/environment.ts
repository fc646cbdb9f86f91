import { delimiter, isAbsolute } from 'node:path';

const allowed = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'LC_*', 'TZ', 'TERM', 'COLORTERM', 'NO_COLOR'],
  ...['TMPDIR', 'TEMP', 'TMP', 'XDG_*', 'CI'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  // Where toolchains live.
  ...['JAVA_HOME', 'GOPATH', 'GOROOT', 'GOCACHE', 'GOMODCACHE', 'CARGO_HOME', 'RUSTUP_HOME', 'PYENV_ROOT', 'NVM_DIR'],
  ...[
    'VIRTUAL_ENV',
    'CONDA_PREFIX',
    'RBENV_ROOT',
    'GEM_HOME',
    'ASDF_DIR',
    'ASDF_DATA_DIR',
    'MISE_DATA_DIR',
    'VOLTA_HOME',
  ],
  ...['PNPM_HOME', 'BUN_INSTALL', 'DENO_DIR', 'SDKMAN_DIR', 'GRADLE_USER_HOME', 'M2_HOME', 'MAVEN_HOME', 'DOTNET_ROOT'],
  ...['ANDROID_HOME', 'ANDROID_SDK_ROOT', 'FLUTTER_ROOT', 'HOMEBREW_PREFIX', 'HOMEBREW_CELLAR', 'HOMEBREW_REPOSITORY'],
  // Windows programs do not start without these.
  ...['SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT', 'OS', 'USERPROFILE', 'USERNAME', 'USERDOMAIN'],
  ...['HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'ProgramData', 'ProgramFiles', 'ProgramFiles(x86)'],
  ...[
    'ProgramW6432',
    'CommonProgramFiles',
    'ALLUSERSPROFILE',
    'PUBLIC',
    'PROCESSOR_ARCHITECTURE',
    'NUMBER_OF_PROCESSORS',
  ],
];
/** Whatever `allow` says: they belong to the tool that started us, and would steer git, node and pawl of the child. */
const never = ['npm_*', 'pnpm_*', 'TURBO_*', 'INIT_CWD', 'NODE', 'NODE_OPTIONS', 'GIT_*', 'PAWL_*'];

export interface CleanOptions {
  /** More names; `ANTHROPIC_*` stands for all that begin so. */
  readonly allow?: readonly string[];
}

/** What an agent or a gate may see of an environment: an allow-list. PATH loses what package managers put there. */
export function cleanEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  options?: CleanOptions,
): Record<string, string> {
  const patterns = [...allowed, ...(options?.allow ?? [])];
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || matches(name, never) || !matches(name, patterns)) continue;
    clean[name] = same(name) === same('PATH') ? cleanPath(value) : value;
  }
  return clean;
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? same(name).startsWith(same(pattern.slice(0, -1))) : same(name) === same(pattern),
  );
}

/** Windows does not tell the case of names apart. */
function same(name: string): string {
  return process.platform === 'win32' ? name.toUpperCase() : name;
}

/** An entry that is empty or relative would run programs out of the worktree. */
function cleanPath(path: string): string {
  const kept = path.split(delimiter).filter((entry) => isAbsolute(entry) && !byPackageManager.test(entry));
  return kept.join(delimiter);
}

const byPackageManager = /(^|[\\/])(node_modules[\\/]\.bin|_npx|node-gyp-bin)([\\/]|$)/;
