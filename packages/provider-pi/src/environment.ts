/** By which Pi finds the account of a model provider, as its own list has them. */
export const keys: readonly string[] = [
  ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_OAUTH_TOKEN', 'OPENAI_API_KEY', 'GEMINI_API_KEY'],
  ...['AZURE_OPENAI_API_KEY', 'ANT_LING_API_KEY', 'DEEPSEEK_API_KEY', 'NVIDIA_API_KEY', 'GROQ_API_KEY'],
  ...['CEREBRAS_API_KEY', 'XAI_API_KEY', 'FIREWORKS_API_KEY', 'TOGETHER_API_KEY', 'BASETEN_API_KEY'],
  ...['OPENROUTER_API_KEY', 'AI_GATEWAY_API_KEY', 'ZAI_API_KEY', 'ZAI_CODING_CN_API_KEY', 'MISTRAL_API_KEY'],
  ...['MINIMAX_API_KEY', 'MOONSHOT_API_KEY', 'OPENCODE_API_KEY', 'KIMI_API_KEY', 'META_API_KEY', 'CLOUDFLARE_API_KEY'],
  ...['QWEN_TOKEN_PLAN_API_KEY', 'QWEN_TOKEN_PLAN_CN_API_KEY', 'XIAOMI_API_KEY', 'XIAOMI_TOKEN_PLAN_CN_API_KEY'],
  ...['XIAOMI_TOKEN_PLAN_AMS_API_KEY', 'XIAOMI_TOKEN_PLAN_SGP_API_KEY', 'AWS_BEARER_TOKEN_BEDROCK'],
];

/**
 * What Pi is given of the environment besides the common names. `PI_*` as a whole would hand on `PI_SESSION_ID` and the
 * like, by which a Pi that runs pawl tells its commands about its own session.
 */
export const environment: readonly string[] = [
  ...keys,
  ...['PI_CODING_AGENT_DIR', 'PI_CODING_AGENT_SESSION_DIR', 'PI_PACKAGE_DIR', 'PI_CACHE_RETENTION'],
  ...['PI_OFFLINE', 'PI_TELEMETRY', 'PI_CODEMODE_MAX_WORKERS'],
  ...['AZURE_OPENAI_BASE_URL', 'AZURE_OPENAI_RESOURCE_NAME', 'AZURE_OPENAI_API_VERSION'],
  ...['AZURE_OPENAI_DEPLOYMENT_NAME_MAP', 'CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_GATEWAY_ID'],
  ...['AWS_PROFILE', 'AWS_REGION'],
];

/** Nothing is fetched but answers of the model. */
export function quiet(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { PI_OFFLINE: env.PI_OFFLINE ?? '1', PI_TELEMETRY: env.PI_TELEMETRY ?? '0', PI_SKIP_VERSION_CHECK: '1' };
}
