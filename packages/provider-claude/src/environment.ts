/**
 * What Claude Code is given of the environment besides the common ones. `CLAUDE_*` as a whole would hand on the variables
 * by which a Claude Code session that runs pawl marks its children, and the agent would take itself for one.
 */
export const environment: readonly string[] = [
  'ANTHROPIC_*',
  'CLAUDE_CONFIG_DIR',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_*',
  'CLAUDE_CODE_SKIP_*',
  'CLAUDE_CODE_MAX_*',
  'CLAUDE_CODE_DISABLE_*',
  'CLAUDE_CODE_SUBAGENT_MODEL',
  'CLAUDE_CODE_CLIENT_*',
  'DISABLE_TELEMETRY',
  'DISABLE_ERROR_REPORTING',
  'MAX_THINKING_TOKENS',
  'BASH_DEFAULT_TIMEOUT_MS',
  'BASH_MAX_TIMEOUT_MS',
  'MCP_TIMEOUT',
  // Says that root may run with access full: this machine is a sandbox.
  'IS_SANDBOX',
  // Bedrock and Vertex: names and files, no keys.
  'AWS_REGION',
  'AWS_PROFILE',
  'AWS_BEARER_TOKEN_BEDROCK',
  'CLOUD_ML_REGION',
  'GOOGLE_APPLICATION_CREDENTIALS',
];
