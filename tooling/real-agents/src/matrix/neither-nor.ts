/** Says what is wrong where a verb neither did its work nor was refused by name. */
export class NeitherNor extends Error {}

export function demand(holds: boolean, what: string): void {
  if (!holds) throw new NeitherNor(what);
}
