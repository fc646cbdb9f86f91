import { type Diagnostic, nearest } from '@pawl/workflow-schema';
import type { z } from 'zod';
import { knownKeys } from './schema.ts';

/** What is wrong with a value of the configuration, in our words. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** It is about this key in what the path leads to, not about a value. */
  readonly key?: string;
  readonly message: string;
  readonly hint?: string;
  readonly code: Diagnostic['code'];
}

const wordsFor: Readonly<Record<string, string>> = {
  record: 'keys with values',
  object: 'keys with values',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
};

export function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  const { path } = issue;
  const name = path.join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_key': {
      const key = String(path.at(-1));
      const hint = 'letters, digits, dots and dashes';
      return [
        { path: path.slice(0, -1), key, message: `an agent cannot be named \`${key}\``, hint, code: 'invalid-name' },
      ];
    }
    case 'invalid_type': {
      if (path.length > 0 && issue.message.endsWith('received undefined'))
        return [{ path: path.slice(0, -1), message: `\`${name}\` is missing`, code: 'missing-key' }];
      const who = path.length === 0 ? 'the file holds' : `\`${name}\` takes`;
      return [{ path, message: `${who} ${wordsFor[issue.expected] ?? issue.expected}`, code: 'wrong-type' }];
    }
    default: {
      const message = `\`${name}\`: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
      return [{ path, message, code: 'invalid-value' }];
    }
  }
}

const handOn =
  'a file cannot take variables: hand them on yourself, as PAWL_AGENT_ENVIRONMENT="codex=ACME_KEY" (man pawl)';

function unknownKey(path: readonly PropertyKey[], key: string): Problem {
  if (path[0] === 'agents' && path.length === 2 && /^env(ironment)?$/.test(key))
    return { path, key, message: `unknown key \`${key}\``, hint: handOn, code: 'unknown-key' };
  const known = knownKeys(path);
  const near = nearest(key, known);
  const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean \`${near}\`?`;
  return { path, key, message: `unknown key \`${key}\``, hint, code: 'unknown-key' };
}
