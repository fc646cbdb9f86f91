import { StoreError } from './errors.ts';
import type { SessionKey } from './lease.ts';
import { plainText } from './message-codec.ts';
import type { Redact } from './redact.ts';
import type { SessionFacts } from './session-contract.ts';

/** One text for a conversation; no provider has a colon in its id. */
export function sessionName({ provider, id }: SessionKey): string {
  if (provider === '' || id === '')
    throw new StoreError({ code: 'bad-request', message: `No session is named "${provider}:${id}".` });
  return `${provider}:${id}`;
}

/** The texts that people or agents wrote are redacted; ids and folders stay as they are. Throws `bad-request`. */
export function checkedFacts<Facts extends SessionFacts>(facts: Facts, redact: Redact): Facts {
  const { ref, parent, maxMessages } = facts;
  if (ref.provider === '' || ref.id === '' || (parent && parent.ref.provider !== ref.provider))
    throw new StoreError({
      code: 'bad-request',
      message: `A session has a provider and the id its agent gave, and its parent is one of the same agent; got ${ref.provider}:${ref.id}, parent ${parent?.ref.provider}.`,
    });
  if (maxMessages !== undefined && !(Number.isInteger(maxMessages) && maxMessages >= 1))
    throw new StoreError({ code: 'bad-request', message: `A session keeps 1 message or more, not ${maxMessages}.` });
  return {
    ...facts,
    ...(facts.title === undefined ? {} : { title: cleanText(facts.title, redact) }),
    ...(facts.tags === undefined ? {} : { tags: facts.tags.map((tag) => cleanText(tag, redact)) }),
  };
}

export function cleanText(text: string, redact: Redact): string {
  return plainText(redact(text));
}
