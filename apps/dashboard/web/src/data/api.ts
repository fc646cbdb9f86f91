import type { Refusal } from '../../../wire.ts';

/** A refusal of the server, in its words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: number, { code, message, hint }: Refusal['error']) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export const withQuery = (path: string, query: Query = {}): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
};

/** `get<RunPage>('/api/runs/…')`: JSON, or an {@link ApiError}. */
export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return read<T>(await fetch(withQuery(path, query), { ...(signal && { signal }) }));
}

export async function send<T>(path: string, body: unknown, method: 'POST' | 'DELETE' = 'POST'): Promise<T> {
  const headers = { 'content-type': 'application/json', 'x-pawl': '1' };
  return read<T>(await fetch(path, { method, headers, body: JSON.stringify(body) }));
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const error = (body as Refusal | undefined)?.error;
  throw new ApiError(
    response.status,
    error ?? { code: 'no-answer', message: `the server answered ${response.status}` },
  );
}
