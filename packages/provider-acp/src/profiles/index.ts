import { claudeAgent } from './claude-agent.ts';
import { codex } from './codex.ts';
import { gemini } from './gemini.ts';
import type { KnownProfile } from './known-profile.ts';
import { opencode } from './opencode.ts';
import { qwen } from './qwen.ts';

export const profiles = {
  gemini,
  qwen,
  opencode,
  'claude-agent-acp': claudeAgent,
  'codex-acp': codex,
} satisfies Record<string, KnownProfile>;

export type ProfileName = keyof typeof profiles;
export const profileNames = Object.keys(profiles) as [ProfileName, ...ProfileName[]];
