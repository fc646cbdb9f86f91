import type { KnownProfile } from './known-profile.ts';

export const qwen: KnownProfile = {
  title: 'Qwen Code (ACP)',
  install: 'Install it with `npm install --global @qwen-code/qwen-code`.',
  known: /^0\.24\./,
  command: {
    file: 'qwen',
    args: ['--acp'],
    env: { QWEN_CODE_NO_RELAUNCH: 'true', QWEN_CODE_SUPPRESS_YOLO_WARNING: '1', NO_COLOR: '1' },
  },
  environment: [
    ...['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'DASHSCOPE_*', 'BAILIAN_*', 'MODELSCOPE_API_KEY'],
    ...[
      'QWEN_HOME',
      'QWEN_RUNTIME_DIR',
      'QWEN_MODEL',
      'QWEN_SANDBOX',
      'QWEN_DEFAULT_AUTH_TYPE',
      'QWEN_CUSTOM_API_KEY_*',
    ],
    ...['QWEN_USAGE_STATISTICS_ENABLED', 'QWEN_CODE_SYSTEM_SETTINGS_PATH', 'QWEN_CODE_SYSTEM_DEFAULTS_PATH'],
  ],
  sessions: ['resume', 'continue'],
  // Else it tries a failed request for hours, and writes memories by requests that count as usage.
  defaults: {
    variable: 'QWEN_CODE_SYSTEM_DEFAULTS_PATH',
    settings: {
      general: { enableAutoUpdate: false },
      memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false },
      model: { generationConfig: { maxRetries: 0 } },
      $version: 4,
    },
    file: 'system-defaults.json',
    folders: ['/etc/qwen-code', '/Library/Application Support/QwenCode', 'C:\\ProgramData\\qwen-code'],
  },
  access: {
    'read-only': { mode: 'plan', args: ['--allowed-mcp-server-names', 'pawl-read-only'] },
    // Not its own default, in which a model judges what may run.
    edit: { mode: 'default' },
    full: { mode: 'yolo' },
  },
  modelFlag: '--model',
  directoryFlag: '--include-directories',
  modelName: (id) => /^\$runtime\|[^|]*\|(.*?)(\([^()]*\))?$/.exec(id)?.[1] ?? id.replace(/\([^()]*\)$/, ''),
  extensions: ['craft/', 'qwen/'],
};
