import type { Access, FolderFiles, Json, JsonObject } from '@pawl/provider';
import { asArray, asObject, asObjects, asString } from '../json.ts';
import { refusal, reply, rpcCodes } from './protocol.ts';

/** They change nothing. */
const reading = ['read', 'search', 'think', 'fetch'];
/** Where a tool says on what it works, besides its locations. */
const pathKeys = [
  ...[
    'path',
    'file_path',
    'filePath',
    'filepath',
    'absolute_path',
    'abs_path',
    'notebook_path',
    'source',
    'destination',
  ],
  ...['parentDir', 'directory', 'dir_path', 'cwd', 'workdir'],
];

/** Whether a tool call is within the access word. What cannot be told is not. */
export function permits(access: Access, call: JsonObject, files: FolderFiles | undefined): boolean | Promise<boolean> {
  if (access === 'full') return true;
  const kind = asString(call.kind) ?? 'other';
  if (reading.includes(kind)) return true;
  if (access === 'read-only' || kind === 'switch_mode' || !files) return false;
  const paths = pathsOf(call);
  if (paths.length === 0) return kind === 'execute';
  return allInside(paths, files);
}

async function allInside(paths: readonly string[], files: FolderFiles): Promise<boolean> {
  for (const path of paths) if (!(await files.contains(path))) return false;
  return true;
}

function pathsOf(call: JsonObject): readonly string[] {
  const input = asObject(call.rawInput) ?? {};
  const places = [...asArray(call.locations), ...asArray(call.content)].map((place) => asObject(place)?.path);
  const changes = Object.keys(asObject(input.changes) ?? {});
  return [...places, ...pathKeys.map((key) => input[key]), ...changes].flatMap((path) => asString(path) || []);
}

/** Once only: an answer for always would also be one for what lies elsewhere. */
export function permissionReply(id: Json, options: readonly Json[], allowed: boolean, access: Access): string {
  const kinds = allowed
    ? ['allow_once', ...(access === 'full' ? ['allow_always'] : [])]
    : ['reject_once', 'reject_always'];
  const found = kinds.map((kind) => asObjects(options).find((option) => option.kind === kind)?.optionId);
  const optionId = found.map(asString).find((option) => option !== undefined);
  return reply(id, { outcome: optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } });
}

/** Answers `fs/read_text_file` and `fs/write_text_file`. */
export async function fileReply(
  { id = null, method, params }: JsonObject,
  access: Access,
  files: FolderFiles | undefined,
): Promise<string> {
  const { path, content, line, limit } = asObject(params) ?? {};
  const where = asString(path);
  if (!files || where === undefined) return refusal(id, rpcCodes.invalidParams, 'Invalid params: no path.');
  const writes = method === 'fs/write_text_file';
  try {
    if (!(await files.contains(where)))
      return refusal(id, rpcCodes.internal, `${where} is outside the working folder.`);
    if (!writes) return reply(id, { content: excerpt(await files.read(where), line, limit) });
    if (access === 'read-only') return refusal(id, rpcCodes.internal, 'This turn may only read.');
    await files.write(where, asString(content) ?? '');
    return reply(id, {});
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    // Agents tell a file that is not there by these words.
    if (absent) return refusal(id, rpcCodes.notFound, `Resource not found: ${where} (ENOENT)`);
    return refusal(id, rpcCodes.internal, error instanceof Error ? error.message : String(error));
  }
}

function excerpt(text: string, line: Json | undefined, limit: Json | undefined): string {
  if (typeof line !== 'number' && typeof limit !== 'number') return text;
  const from = typeof line === 'number' ? Math.max(0, line - 1) : 0;
  return text
    .split('\n')
    .slice(from, typeof limit === 'number' ? from + limit : undefined)
    .join('\n');
}
