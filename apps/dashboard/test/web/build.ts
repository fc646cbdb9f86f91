import { join } from 'node:path';
import { build } from 'vite';

/** The page as it ships. */
export default async function setup(): Promise<void> {
  await build({ configFile: join(import.meta.dirname, '../../vite.config.ts'), logLevel: 'error' });
}
