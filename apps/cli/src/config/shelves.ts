import { join } from 'node:path';
import type { Places } from '../places.ts';

/** A folder that holds `workflows` and `validators`. */
export interface Shelf {
  readonly folder: string;
  /** How its files are named to people; also where a run finds them again. */
  readonly shown: string;
  /** Of Gump's: where its files would belong, and the command that moves them there. */
  readonly instead?: { readonly shown: string; readonly move: string };
}

/** Where workflows are looked for, first one wins: the repository, then what its user has for all of them. */
export function shelvesOf(root: string | undefined, { shelves: [own, gump] }: Places): readonly Shelf[] {
  const ofRepository: Shelf[] =
    root === undefined
      ? []
      : [
          { folder: join(root, '.pawl'), shown: '.pawl' },
          { folder: join(root, '.gump'), shown: '.gump', instead: { shown: '.pawl', move: 'git mv' } },
        ];
  return [
    ...ofRepository,
    { folder: own, shown: own },
    { folder: gump, shown: gump, instead: { shown: own, move: 'mv' } },
  ];
}
