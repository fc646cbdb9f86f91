import type { Launch } from '@pawl/provider-kit';
import type { ClaudeOptions } from './options.ts';

/** Names after `claude-` in a workflow to what `--model` takes. The CLI resolves its own aliases to the newest model. */
export const models: Readonly<Record<string, string>> = {
  opus: 'opus',
  sonnet: 'sonnet',
  haiku: 'haiku',
  opusplan: 'opusplan',
  'opus[1m]': 'opus[1m]',
  'sonnet[1m]': 'sonnet[1m]',
};

/** Aliases stand for a family; `opusplan` plans with one and works with the other. */
const families = new Map([
  ['opus', ['opus']],
  ['sonnet', ['sonnet']],
  ['haiku', ['haiku']],
  ['opusplan', ['opus', 'sonnet']],
]);

/** Whether the model that answered is what was asked for, by alias, by name, or by name without its date. */
export function sameModel(asked: string, answered: string, { env }: Pick<Launch<ClaudeOptions>, 'env'>): boolean {
  const wanted = plain(asked);
  const got = plain(answered);
  if (wanted === 'default' || wanted === got) return true;
  // A gateway answers with names of its own.
  if (env.ANTHROPIC_BASE_URL !== undefined && !got.includes('claude')) return true;
  const family = families.get(wanted);
  if (!family) return got.endsWith(`.${wanted}`) || wanted.endsWith(`.${got}`);
  return family.some(
    (name) => got.includes(name) || got === plain(env[`ANTHROPIC_DEFAULT_${name.toUpperCase()}_MODEL`] ?? ''),
  );
}

function plain(model: string): string {
  return model
    .toLowerCase()
    .replace(/\[1m\]$/, '')
    .replace(/[-@]\d{8}(-v\d+(:\d+)?)?$/, '');
}
