import type { Action, ApplyHow } from '../../wire.ts';
import { badRequest } from '../errors.ts';
import { stepOf } from '../runs/attempts.ts';
import type { OpenRun } from '../runs/cache.ts';

/** What a page asks of a run: ids that are looked up, words of ours, and texts. Anything else is refused. */
export function readAction(run: OpenRun, body: unknown): Action {
  const asked = (body ?? {}) as Readonly<Record<string, unknown>>;
  const step = (): string => stepPath(run, asked.step);
  const text = <Name extends string>(name: Name, most?: number): { readonly [name in Name]?: string } => {
    const value = optionalText(asked[name], name, most);
    return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: string };
  };
  switch (asked.action) {
    case 'approve': {
      const path = step();
      const edited = asked.edited === true;
      const shown = edited ? undefined : optionalCommit(asked.tree, 'tree');
      if (!edited && shown === undefined && run.folded.askedAbout(path) !== undefined)
        throw badRequest('an approval names the tree that was shown');
      return {
        action: 'approve',
        step: path,
        ...(edited && { edited }),
        ...(shown !== undefined && { tree: shown }),
        ...text('comment'),
      };
    }
    case 'reject':
      return { action: 'reject', step: step(), ...text('comment') };
    case 'pause':
    case 'unpause':
    case 'resume':
      return { action: asked.action };
    case 'abort':
      return { action: 'abort', ...text('reason') };
    case 'abort-step':
      return { action: 'abort-step', step: step(), ...text('reason') };
    case 'replay':
      return { action: 'replay', step: step(), ...optionalName(asked.agent, 'agent'), ...text('prompt', mostPrompt) };
    case 'apply':
      return { action: 'apply', how: applyHow(asked.how), ...text('branch') };
    case 'undo': {
      const checkpoint = optionalCommit(asked.checkpoint, 'checkpoint');
      const { into } = asked;
      if (checkpoint === undefined) throw badRequest('a checkpoint is named by its commit');
      if (into !== 'branch' && into !== 'worktree') throw badRequest('it comes back into a branch or the worktree');
      return { action: 'undo', checkpoint, into };
    }
    default:
      throw badRequest('this is no action');
  }
}

export function applyHow(how: unknown): ApplyHow {
  if (how === 'merge' || how === 'squash' || how === 'rebase') return how;
  throw badRequest('a run is applied by merge, squash or rebase');
}

function stepPath({ folded }: OpenRun, path: unknown): string {
  if (typeof path !== 'string') throw badRequest('which step?');
  return stepOf(folded, path).path;
}

function optionalCommit(value: unknown, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value)) return value;
  throw badRequest(`a ${name} is named by its commit or tree`);
}

/** Of an agent, or a tag: letters, digits, dots and dashes. */
export function optionalName<Name extends string>(value: unknown, name: Name): { readonly [name in Name]?: string } {
  const text = optionalText(value, name);
  if (text === undefined) return {};
  if (/^[A-Za-z0-9][\w.-]{0,127}$/.test(text)) return { [name]: text } as { readonly [name in Name]?: string };
  throw badRequest(`this cannot be the name of an ${name}`);
}

/** In characters: what stands on a command line may have 128 KiB. */
export const mostArgument = 30_000;
const mostPrompt = 100_000;

export function optionalText(value: unknown, name: string, most = mostArgument): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > most)
    throw badRequest(`${name} is a text of at most ${most} characters`);
  return value.trim() === '' ? undefined : value.trim();
}
