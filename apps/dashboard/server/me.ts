import type { Me, Repository } from '../wire.ts';
import type { House } from './house.ts';
import type { User } from './http.ts';
import { repositoryOf } from './runs/repository.ts';

export async function meOf(house: House, user: User): Promise<Me> {
  const { readOnly, version } = house;
  return { user: user.name, role: user.role, readOnly, version, repositories: await repositoriesOf(house) };
}

/** Those that runs are of, and the one where the dashboard was started. */
export async function repositoriesOf({ store, cwd }: House): Promise<readonly Repository[]> {
  const runs = await store.runs.list({ limit: 1000 });
  const paths = new Set([...runs.map(({ repository }) => repository), ...(await rootOf(cwd))]);
  return [...paths].map(repositoryOf).sort((one, other) => one.name.localeCompare(other.name));
}

async function rootOf(cwd: string): Promise<readonly string[]> {
  const { stat } = await import('node:fs/promises');
  const { dirname, join } = await import('node:path');
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await stat(join(folder, '.git')).catch(() => undefined)) return [folder];
    if (dirname(folder) === folder) return [];
  }
}
