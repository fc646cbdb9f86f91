import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Repository } from '../../wire.ts';

/** A repository by an id, so that nobody sends a path. */
export const repositoryOf = (path: string): Repository => ({
  id: createHash('sha256').update(path).digest('hex').slice(0, 16),
  name: basename(path),
  path,
});
