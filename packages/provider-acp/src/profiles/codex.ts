import { asObject } from '@pawl/provider-kit';
import type { KnownProfile } from './known-profile.ts';

export const codex: KnownProfile = {
  title: 'Codex (ACP)',
  install: 'Install it with `npm install --global @agentclientprotocol/codex-acp`.',
  command: { file: 'codex-acp', args: [] },
  environment: [
    'CODEX_HOME',
    'CODEX_PATH',
    'CODEX_API_KEY',
    'CODEX_ACCESS_TOKEN',
    'OPENAI_API_KEY',
    'OPENAI_ORGANIZATION',
    'OPENAI_PROJECT',
  ],
  known: /^2\.6\./,
  // In `agent` a model of its own decides what is let through.
  access: {
    'read-only': { mode: 'read-only' },
    edit: { mode: 'workspace-write' },
    full: { mode: 'agent-full-access' },
  },
  extensions: ['_auth/'],
  // It tells the reason as a message of its own, and ends the turn as if that were the answer.
  failed: (update) => asObject(asObject(asObject(update._meta)?.codex)?.threadStatus)?.type === 'systemError',
};
