/** Names after `codex-` in a workflow to what `--model` takes. */
export const models: Readonly<Record<string, string>> = {
  astra: 'gpt-6-astra',
  sol: 'gpt-6.1-sol',
  terra: 'gpt-6.1-terra',
  luna: 'gpt-6-luna',
  gpt55: 'gpt-5.5',
  gpt54: 'gpt-5.4',
  'gpt54-mini': 'gpt-5.4-mini',
  gpt53: 'gpt-5.3-codex',
  'gpt53-spark': 'gpt-5.3-codex-spark',
  gpt52: 'gpt-5.2-codex',
  'gpt51-max': 'gpt-5.1-codex-max',
  o3: 'o3-codex',
};
