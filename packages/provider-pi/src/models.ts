import { thinkingLevels } from './options.ts';

/**
 * Whether the model that answered (`provider/id`) is what was asked for. Pi takes a piece of a name for the name
 * (`gpt-5` becomes `gpt-5-mini` where there is no other): a family (`sonnet`, no figure in it) may stand for any of its
 * models, a name with a figure only for itself, with or without its date.
 */
export function sameModel(asked: string, answered: string): boolean {
  const wanted = undated(asked.replace(new RegExp(`:(${thinkingLevels.join('|')})$`), ''));
  const got = undated(answered);
  if (wanted === got || got.endsWith(`/${wanted}`)) return true;
  const slash = wanted.indexOf('/');
  const inProvider = slash < 0 || got.startsWith(wanted.slice(0, slash + 1));
  const family = words(wanted.slice(slash + 1));
  return inProvider && !/\d/.test(wanted.slice(slash + 1)) && inRow(family, words(got.slice(got.indexOf('/') + 1)));
}

function undated(name: string): string {
  return name.toLowerCase().replace(/[-@](\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
}

function words(name: string): readonly string[] {
  return name.split(/[^a-z0-9]+/).filter((word) => word !== '');
}

function inRow(wanted: readonly string[], got: readonly string[]): boolean {
  return wanted.length > 0 && got.some((_, at) => wanted.every((word, index) => got[at + index] === word));
}
