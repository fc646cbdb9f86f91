import type { KnownProfile } from './known-profile.ts';

export const codex: KnownProfile = {
  title: 'Codex (ACP)',
  install: 'Install it with `npm install --global @agentclientprotocol/codex-acp`.',
  command: { file: 'codex-acp', args: [] },
  environment: [
    'CODEX_HOME',
    'CODEX_API_KEY',
    'CODEX_ACCESS_TOKEN',
    'OPENAI_API_KEY',
    'OPENAI_ORGANIZATION',
    'OPENAI_PROJECT',
  ],
  access: { 'read-only': { mode: 'read-only' }, edit: { mode: 'auto' }, full: { mode: 'full-access' } },
};
