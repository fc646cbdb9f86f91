import type { Host, SessionRef } from '@pawl/provider';
import type { KnownProfile } from './known-profile.ts';

export const gemini: KnownProfile = {
  title: 'Gemini CLI (ACP)',
  install: 'Install it with `npm install --global @google/gemini-cli`.',
  known: /^0\.61\./,
  command: {
    file: 'gemini',
    args: ['--acp'],
    env: {
      // Its launcher swallows signals, and leaves the real process alone when it is killed.
      GEMINI_CLI_NO_RELAUNCH: 'true',
      // In a folder that is not trusted every mode but one is refused; pawl was told to work here.
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      NO_COLOR: '1',
    },
  },
  environment: [
    ...['GEMINI_API_KEY', 'GEMINI_MODEL', 'GEMINI_SANDBOX', 'GEMINI_CLI_HOME', 'GEMINI_CLI_CUSTOM_HEADERS'],
    ...['GEMINI_CLI_SYSTEM_SETTINGS_PATH', 'GEMINI_CLI_SYSTEM_DEFAULTS_PATH', 'GEMINI_CLI_TRUSTED_FOLDERS_PATH'],
    ...['GOOGLE_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GOOGLE_VERTEX_BASE_URL', 'GOOGLE_GENAI_*'],
    ...['GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_PROJECT_ID', 'GOOGLE_CLOUD_LOCATION', 'GOOGLE_APPLICATION_CREDENTIALS'],
  ],
  sessions: ['resume'],
  access: {
    // Naming tools and servers takes the place of those in the user's settings, which would run without being asked for.
    'read-only': {
      mode: 'plan',
      args: ['--allowed-tools', 'read_file', '--allowed-mcp-server-names', 'pawl-read-only'],
    },
    edit: { mode: 'default' },
    full: { mode: 'yolo' },
  },
  modelFlag: '--model',
  directoryFlag: '--include-directories',
  // It takes a file that is not there for an error, and so could make none.
  files: false,
  settle: untilNextMinute,
};

/**
 * The names of its transcripts count minutes. Within that of its last one a session cannot be loaded, and the try
 * empties it.
 */
async function untilNextMinute({ id }: SessionRef, host: Host, env: Readonly<Record<string, string>>): Promise<number> {
  const home = env.GEMINI_CLI_HOME ?? env.HOME ?? env.USERPROFILE;
  if (home === undefined) return 0;
  const projects = `${home}/.gemini/tmp`;
  const now = new Date();
  const file = `session-${now.toISOString().slice(0, 16).replace(':', '-')}-${id.slice(0, 8)}`;
  for (const project of await host.listFolder(projects)) {
    const names = await host.listFolder(`${projects}/${project}/chats`).catch(() => []);
    if (names.some((name) => name.startsWith(file))) return 60_000 - (now.getTime() % 60_000);
  }
  return 0;
}
