/** `340 B`, `1.2 MB`. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  const [unit, value] =
    size < 1e6
      ? (['kB', size / 1e3] as const)
      : size < 1e9
        ? (['MB', size / 1e6] as const)
        : (['GB', size / 1e9] as const);
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}

/** Of what has ended; nothing has: no figure. */
export const share = (passed: number, of: number): string => (of === 0 ? '–' : `${Math.round((100 * passed) / of)}%`);
