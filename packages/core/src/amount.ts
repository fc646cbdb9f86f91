/** A figure that is none (NaN is null after JSON) is unknown: it may not undo what was counted. */
export const amount = (value: number | undefined | null): number | undefined =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined;
