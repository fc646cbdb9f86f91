/**
 * What Codex is given of the environment besides the common ones. `CODEX_*` as a whole would hand on the marks that Codex
 * sets for its own children (`CODEX_SANDBOX`, `CODEX_THREAD_ID`), and the agent would take itself for one.
 */
export const environment: readonly string[] = [
  'CODEX_HOME',
  'CODEX_SQLITE_HOME',
  'CODEX_API_KEY',
  'CODEX_ACCESS_TOKEN',
  'CODEX_CA_CERTIFICATE',
  // Only for a model provider of the user's configuration whose `env_key` names it.
  'OPENAI_API_KEY',
  'OPENAI_ORGANIZATION',
  'OPENAI_PROJECT',
  'AZURE_OPENAI_API_KEY',
];
