import type { Host, JsonObject } from '@pawl/provider';
import { asObject } from './json.ts';

/** A settings file, with the comments and the commas at ends of lists that people write. Empty where it is absent or no object. */
export async function readSettings(path: string, host: Pick<Host, 'readFile'>): Promise<JsonObject> {
  const text = await host.readFile(path).catch(() => '');
  const plain = text
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1');
  try {
    return asObject(JSON.parse(plain)) ?? {};
  } catch {
    return {};
  }
}
