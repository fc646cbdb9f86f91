/** Names after `qwen-` in a workflow to what `--model` takes. */
export const models: Readonly<Record<string, string>> = {
  coder: 'qwen3-coder',
  'coder-plus': 'qwen3-coder-plus',
  plus: 'qwen3-coder-plus',
};
