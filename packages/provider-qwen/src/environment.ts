/**
 * What Qwen Code is given of the environment besides the common ones. `QWEN_CODE_*` as a whole would hand on the marks of a
 * Qwen Code that runs pawl (its session, its project, its editor) to the agent.
 */
export const environment: readonly string[] = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_MODEL',
  'DASHSCOPE_*',
  'BAILIAN_*',
  'MODELSCOPE_API_KEY',
  'QWEN_HOME',
  'QWEN_RUNTIME_DIR',
  'QWEN_MODEL',
  'QWEN_SANDBOX',
  'QWEN_SANDBOX_IMAGE',
  'QWEN_DEFAULT_AUTH_TYPE',
  'QWEN_CUSTOM_API_KEY_*',
  'QWEN_TLS_INSECURE',
  'QWEN_STREAM_IDLE_TIMEOUT_MS',
  'QWEN_STREAM_MAX_LIFETIME_MS',
  'QWEN_USAGE_STATISTICS_ENABLED',
  'QWEN_CODE_API_TIMEOUT_MS',
  'QWEN_CODE_MAX_OUTPUT_TOKENS',
  'QWEN_CODE_UNATTENDED_RETRY',
  'QWEN_CODE_SYSTEM_SETTINGS_PATH',
  'QWEN_CODE_SYSTEM_DEFAULTS_PATH',
  'QWEN_CODE_TRUSTED_FOLDERS_PATH',
];
