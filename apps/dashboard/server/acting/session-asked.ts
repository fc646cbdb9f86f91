import type { SessionAction } from '../../wire.ts';
import { badRequest } from '../errors.ts';
import { mostArgument, optionalText } from './asked.ts';

const mostTitle = 200;

/** What a page asks of a session: numbers and texts. Anything else is refused. */
export function readSessionAction(body: unknown): SessionAction {
  const asked = (body ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string, most = mostTitle): string => {
    const value = optionalText(asked[name], name);
    if (value === undefined || value.length > most) throw badRequest(`${name} is a text of at most ${most} characters`);
    return value;
  };
  const name = (of: string): string => {
    const value = text(of);
    if (value.startsWith('-')) throw badRequest(`a ${of} does not begin with a dash`);
    return value;
  };
  const behind = (): number | undefined => {
    const { at } = asked;
    if (at === undefined || (typeof at === 'number' && Number.isSafeInteger(at) && at > 0)) return at;
    throw badRequest('at is the number of a message');
  };
  switch (asked.action) {
    case 'rename':
      return { action: 'rename', title: name('title') };
    case 'tag':
    case 'untag':
      return { action: asked.action, tag: name('tag') };
    case 'archive':
    case 'unarchive':
    case 'remove':
      return { action: asked.action };
    case 'fork': {
      const at = behind();
      const title = optionalText(asked.title, 'title');
      return { action: 'fork', ...(at !== undefined && { at }), ...(title !== undefined && { title }) };
    }
    case 'rewind': {
      const at = behind();
      if (at === undefined) throw badRequest('behind which message?');
      return { action: 'rewind', at };
    }
    case 'resume':
      return { action: 'resume', prompt: text('prompt', mostArgument) };
    default:
      throw badRequest('this is no action');
  }
}
