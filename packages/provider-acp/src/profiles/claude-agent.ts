import type { KnownProfile } from './known-profile.ts';

export const claudeAgent: KnownProfile = {
  title: 'Claude Agent (ACP)',
  install: 'Install it with `npm install --global @agentclientprotocol/claude-agent-acp`.',
  known: /^0\.(49|101)\./,
  command: { file: 'claude-agent-acp', args: [], env: { DISABLE_AUTOUPDATER: '1' } },
  environment: [
    'ANTHROPIC_*',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_EXECUTABLE',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CODE_USE_*',
    'AWS_PROFILE',
    'AWS_REGION',
  ],
  sessions: ['resume', 'continue', 'fork'],
  extensions: ['_auth/'],
  access: {
    'read-only': { mode: 'plan' },
    edit: { mode: 'default' },
    // Its mode without questions is not there for every user; whatever is asked is allowed.
    full: { mode: 'default' },
  },
};
