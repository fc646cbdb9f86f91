import type { Access, Capabilities, OpenRequest, Provider, SessionVerb } from '@pawl/provider';
import { refuse } from './failure.ts';

type Described = Pick<Provider, 'id' | 'title' | 'capabilities'>;

/** Throws for whatever a request asks that this agent cannot do; returns the options as the schema gives them. */
export async function checkRequest<Options>(
  provider: Described & Pick<Provider<Options>, 'options'>,
  request: OpenRequest<Options>,
): Promise<Options> {
  const result = await provider.options['~standard'].validate(request.options);
  if (result.issues) {
    const issues = result.issues.map(({ path, message }) => {
      const place = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
      return place ? `${place}: ${message}` : message;
    });
    throw refuse('bad-option', `Options of ${provider.title} are not valid: ${issues.join('; ')}`);
  }
  checkAccess(provider, request.access);
  for (const verb of verbsOf(request)) checkVerb(provider, verb);
  const { start } = request;
  if ('ref' in start && start.ref.provider !== provider.id) {
    throw refuse(
      'session-not-found',
      `Session ${start.ref.id} belongs to ${start.ref.provider}; ${provider.title} cannot go on with it.`,
    );
  }
  return result.value;
}

export function checkVerb(provider: Pick<Provider, 'title' | 'capabilities'>, verb: SessionVerb): void {
  const can = provider.capabilities.sessions;
  if (!can.includes(verb)) throw refuse('unsupported', `${provider.title} cannot ${wording[verb]}. ${listing(can)}`);
}

function checkAccess(provider: Described, access: Access): void {
  const can: Capabilities['access'] = provider.capabilities.access;
  if (!can.includes(access)) {
    throw refuse('unsupported', `${provider.title} cannot be held to access ${access}. ${listing(can)}`);
  }
}

function listing(words: readonly string[]): string {
  return words.length === 0 ? 'It knows none.' : `It can: ${words.join(', ')}.`;
}

function verbsOf({ start }: Pick<OpenRequest, 'start'>): readonly SessionVerb[] {
  switch (start.kind) {
    case 'new':
      return start.id === undefined ? [] : ['choose-id'];
    case 'fork':
      return start.at === undefined ? ['fork'] : ['fork', 'fork-at'];
    default:
      return [start.kind];
  }
}

const wording: Readonly<Record<SessionVerb, string>> = {
  resume: 'resume a session',
  continue: 'continue the newest session',
  fork: 'fork a session',
  'fork-at': 'fork a session at a message',
  ephemeral: 'run without keeping the session',
  'choose-id': 'take an id chosen for a new session',
  list: 'list its sessions',
  export: 'export a session',
  move: 'take a session elsewhere',
  read: 'have its transcript read',
  rename: 'rename a session',
  tag: 'tag a session',
};
