/** The headings of a package's README, in this order and no others. */
export const readmeHeadings = ['Job', 'Use', 'Promises', 'Not its job'];

export interface Readme {
  readonly title: string | undefined;
  /** Second-level headings. */
  readonly headings: readonly string[];
  /** The first TypeScript block below "Use". */
  readonly example: string | undefined;
}

export function readReadme(markdown: string): Readme {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  const use = /^## Use$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(markdown.replace(/\r\n/g, '\n'))?.[1];
  return {
    title: /^# (.+)$/m.exec(prose)?.[1],
    headings: [...prose.matchAll(/^## (.+)$/gm)].map((match) => match[1] ?? ''),
    example: /^```ts\n([\s\S]*?)^```/m.exec(use ?? '')?.[1],
  };
}
