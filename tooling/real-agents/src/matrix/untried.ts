import { join } from 'node:path';
import { cursor } from '@pawl/provider-cursor';
import type { Untried } from './page.ts';

const provider = cursor();

export const untried: readonly Untried[] = [
  {
    agent: provider.id,
    title: provider.title,
    capabilities: provider.capabilities,
    why: 'its CLI is on no package registry and needs an account. The adapter rests on documented streams, and no run has shown it.',
  },
];

export const pageFile = join(import.meta.dirname, '../../../../docs/providers/matrix.md');
