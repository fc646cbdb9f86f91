/** By which OpenCode finds the account of a model provider. */
export const keys: readonly string[] = [
  ...['OPENCODE_API_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ...['AZURE_API_KEY', 'OPENROUTER_API_KEY', 'GROQ_API_KEY', 'MISTRAL_API_KEY', 'DEEPSEEK_API_KEY', 'XAI_API_KEY'],
  ...['CEREBRAS_API_KEY', 'TOGETHER_API_KEY', 'FIREWORKS_API_KEY', 'MOONSHOT_API_KEY', 'ZHIPU_API_KEY'],
  ...['MINIMAX_API_KEY', 'DEEPINFRA_API_KEY', 'NVIDIA_API_KEY', 'AI_GATEWAY_API_KEY', 'AWS_BEARER_TOKEN_BEDROCK'],
];

/**
 * What OpenCode is given of the environment besides the common names. `OPENCODE_*` as a whole would hand on what an OpenCode
 * that runs pawl says of itself (`OPENCODE_PID`, `OPENCODE_CLIENT`), its server's password and its own permissions.
 */
export const environment: readonly string[] = [
  ...keys,
  ...['OPENCODE_CONFIG', 'OPENCODE_CONFIG_DIR', 'OPENCODE_AUTH_CONTENT', 'OPENCODE_DB'],
  ...['OPENCODE_MODELS_URL', 'OPENCODE_MODELS_PATH', 'OPENCODE_WEBSEARCH_PROVIDER', 'OPENCODE_GIT_BASH_PATH'],
  ...['OPENCODE_DISABLE_*', 'OPENCODE_ENABLE_*', 'OPENCODE_EXPERIMENTAL*'],
  ...['AZURE_RESOURCE_NAME', 'AWS_PROFILE', 'AWS_REGION', 'GOOGLE_APPLICATION_CREDENTIALS'],
  ...['GOOGLE_CLOUD_PROJECT', 'GOOGLE_VERTEX_LOCATION'],
];

type Environment = Readonly<Record<string, string>>;

/** Nothing is fetched but answers of the model, unless the user says otherwise. */
export function quiet(env: Environment): Environment {
  const names = ['AUTOUPDATE', 'MODELS_FETCH', 'LSP_DOWNLOAD', 'SHARE'].map((name) => `OPENCODE_DISABLE_${name}`);
  return Object.fromEntries(names.map((name) => [name, env[name] ?? '1']));
}

/** Where OpenCode keeps its things; undefined where there is no home. */
export function dataFolder(env: Environment): string | undefined {
  const home = env.HOME ?? env.USERPROFILE;
  const data = env.XDG_DATA_HOME ?? (home === undefined ? undefined : `${home}/.local/share`);
  return data === undefined ? undefined : `${data}/opencode`;
}
