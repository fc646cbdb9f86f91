import type { AcpProfile } from '@pawl/provider-kit';
import type { KnownProfile } from './known-profile.ts';

/** Where it may only read it asks for nothing: what it may read elsewhere is said beforehand. The last that fits decides. */
const reading = (directories: readonly string[]) => ({
  '*': 'deny',
  ...{ read: 'allow', glob: 'allow', grep: 'allow', list: 'allow', lsp: 'allow', skill: 'allow' },
  ...{ todowrite: 'allow', todoread: 'allow', webfetch: 'allow', websearch: 'allow', codesearch: 'allow' },
  external_directory: {
    '*': 'deny',
    ...Object.fromEntries(directories.map((folder) => [`${folder.replace(/\/+$/, '')}/**`, 'allow'])),
  },
  ...{ doom_loop: 'deny', task: 'deny' },
});
/** By itself it asks for hardly anything. */
const asking = { edit: 'ask', bash: 'ask', external_directory: 'ask', doom_loop: 'deny', task: 'deny' };

export const opencode: KnownProfile = {
  title: 'OpenCode (ACP)',
  install: 'Install it with `npm install --global opencode-ai`.',
  known: /^1\.18\./,
  command: {
    file: 'opencode',
    args: ['acp'],
    env: {
      ...{ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
      ...{ OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_SHARE: '1' },
    },
  },
  environment: [
    ...['OPENCODE_API_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    ...['AZURE_API_KEY', 'OPENROUTER_API_KEY', 'GROQ_API_KEY', 'MISTRAL_API_KEY', 'DEEPSEEK_API_KEY', 'XAI_API_KEY'],
    ...['MOONSHOT_API_KEY', 'ZHIPU_API_KEY', 'AI_GATEWAY_API_KEY', 'AWS_PROFILE', 'AWS_REGION'],
    ...['OPENCODE_CONFIG', 'OPENCODE_CONFIG_DIR', 'OPENCODE_CONFIG_CONTENT', 'OPENCODE_AUTH_CONTENT', 'OPENCODE_DB'],
    ...['OPENCODE_MODELS_URL', 'OPENCODE_MODELS_PATH'],
  ],
  sessions: ['resume', 'continue', 'fork'],
  access: accessWith([]),
  accessWith,
  asksElsewhere: true,
  usage: 'answer',
};

function accessWith(directories: readonly string[]): AcpProfile['access'] {
  const held = (mode: string, permission: object) => ({
    mode,
    env: { OPENCODE_PERMISSION: JSON.stringify(permission) },
  });
  return {
    'read-only': held('plan', reading(directories)),
    edit: held('build', asking),
    full: held('build', { '*': 'allow' }),
  };
}
