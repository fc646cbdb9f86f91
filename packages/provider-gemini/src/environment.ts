/**
 * What Gemini CLI is given of the environment besides the common ones. `GEMINI_CLI_*` as a whole would hand on the marks
 * of a Gemini CLI that runs pawl (its session, its editor) to the agent.
 */
export const environment: readonly string[] = [
  'GEMINI_API_KEY',
  'GEMINI_MODEL',
  'GEMINI_SANDBOX',
  'GEMINI_CLI_HOME',
  'GEMINI_CLI_CUSTOM_HEADERS',
  'GEMINI_CLI_SYSTEM_SETTINGS_PATH',
  'GEMINI_CLI_SYSTEM_DEFAULTS_PATH',
  'GEMINI_CLI_TRUSTED_FOLDERS_PATH',
  'GEMINI_CLI_USE_COMPUTE_ADC',
  'GEMINI_FORCE_FILE_STORAGE',
  'GEMINI_FORCE_ENCRYPTED_FILE_STORAGE',
  'GOOGLE_API_KEY',
  'GOOGLE_GEMINI_BASE_URL',
  'GOOGLE_VERTEX_BASE_URL',
  'GOOGLE_GENAI_*',
  // Vertex: names and files, no keys.
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_CLOUD_PROJECT_ID',
  'GOOGLE_CLOUD_LOCATION',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'CLOUD_SHELL',
];
