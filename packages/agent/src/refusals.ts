import { ProviderError, type SessionVerb } from '@pawl/provider';
import type { TurnRequest } from './turn-request.ts';

/** What can be refused by the provider's word alone. Throws a ProviderError. */
export async function checkedOptions(request: TurnRequest): Promise<unknown> {
  const { provider, access, start, sessionDir } = request;
  if ('ref' in start && start.ref.provider !== provider.id)
    throw refuse(
      'session-not-found',
      `Session ${start.ref.id} belongs to ${start.ref.provider}; ${provider.title} cannot go on with it. Start a new session.`,
    );
  const verb = verbOf(request);
  if (verb && !provider.capabilities.sessions.includes(verb))
    throw refuse('unsupported', `${provider.title} cannot do "${verb}" with a session. Start a new one instead.`);
  if (!provider.capabilities.access.includes(access))
    throw refuse(
      'unsupported',
      `${provider.title} cannot be held to access "${access}". It knows: ${provider.capabilities.access.join(', ')}.`,
    );
  if (sessionDir !== undefined && provider.sessionDirVariable === undefined)
    throw refuse('unsupported', `${provider.title} cannot keep its sessions in another folder. Leave it out.`);
  const result = await provider.options['~standard'].validate(request.options ?? {});
  if (!result.issues) return result.value;
  const issues = result.issues.map((issue) => `${pathOf(issue.path)}${issue.message}`);
  throw refuse('bad-option', `Options of ${provider.title}: ${issues.join('; ')}. Correct them and try again.`);
}

function verbOf({ start }: TurnRequest): SessionVerb | undefined {
  if (start.kind === 'new') return start.id === undefined ? undefined : 'choose-id';
  if (start.kind === 'fork') return start.at === undefined ? 'fork' : 'fork-at';
  return start.kind;
}

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  if (!path || path.length === 0) return '';
  return `${path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')}: `;
}

function refuse(code: 'session-not-found' | 'unsupported' | 'bad-option', message: string): ProviderError {
  return new ProviderError({ code, message, retryable: false });
}
