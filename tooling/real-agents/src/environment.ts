import { delimiter } from 'node:path';

const ofThePackageManager = /^(npm_|pnpm_|PNPM_|TURBO_|INIT_CWD$|NODE$|NODE_PATH$|VITEST)/;
const keys = /(_API_KEY|_AUTH_TOKEN|_ACCESS_TOKEN|_SECRET)$/;

/**
 * The environment of a shell that knows no package manager and no real key: a suite in front of a fake model
 * must not be able to reach a real account.
 */
export function plainEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || ofThePackageManager.test(name) || keys.test(name)) continue;
    if (/^(ANTHROPIC|CLAUDE|OPENAI|GEMINI|GOOGLE|QWEN|DASHSCOPE)_/.test(name)) continue;
    plain[name] = name === 'PATH' ? plainPath(value) : value;
  }
  return plain;
}

function plainPath(path: string): string {
  const isOurs = (folder: string) => /node_modules[\\/]\.bin|_npx/.test(folder);
  return path
    .split(delimiter)
    .filter((folder) => !isOurs(folder))
    .join(delimiter);
}

/** Nothing but model requests, and those to the fake. */
export const quiet: Readonly<Record<string, string>> = {
  DISABLE_TELEMETRY: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_ERROR_REPORTING: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  /** The default of ten retries lasts three minutes. */
  CLAUDE_CODE_MAX_RETRIES: '1',
};

/** For a test that stops Claude Code while it tries again. */
export const manyRetries: Readonly<Record<string, string>> = { CLAUDE_CODE_MAX_RETRIES: '9' };
