import type { Launch } from '@pawl/provider-kit';
import type { GeminiOptions } from './options.ts';

/** Names after `gemini-` in a workflow to what `--model` takes. The CLI resolves its own aliases to the newest model. */
export const models: Readonly<Record<string, string>> = {
  pro: 'pro',
  flash: 'flash',
  'flash-lite': 'flash-lite',
  auto: 'auto',
  '25-pro': 'gemini-2.5-pro',
  '25-flash': 'gemini-2.5-flash',
};

const families: Readonly<Record<string, RegExp>> = {
  auto: /./,
  pro: /-pro\b/,
  flash: /-flash\b(?!-lite)/,
  'flash-lite': /-flash-lite\b/,
};

/** Whether the model that answered is what was asked for: by alias, by name, or by name with its stage or date. */
export function sameModel(asked: string, answered: string, { env }: Pick<Launch<GeminiOptions>, 'env'>): boolean {
  const wanted = asked.toLowerCase();
  const got = answered.toLowerCase().replace(/^.*\//, '');
  if (wanted === got || wanted.startsWith('auto')) return true;
  // A gateway answers with names of its own.
  if (env.GOOGLE_GEMINI_BASE_URL && !got.includes('gemini')) return true;
  const family = Object.hasOwn(families, wanted) ? families[wanted] : undefined;
  if (family) return family.test(got);
  return plain(wanted) === plain(got);
}

function plain(model: string): string {
  return model.replace(/^.*\//, '').replace(/-(preview|exp|latest|customtools|\d{2}-\d{2}|\d{2}-\d{4}|\d{3})\b/g, '');
}
