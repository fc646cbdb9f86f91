import { withCommands } from '../program.ts';
import { version } from '../version.ts';
import { manualPage } from './manual.ts';
import { markdownReference } from './markdown.ts';
import { overview } from './overview.ts';
import { entriesOf } from './reference.ts';

/** The documents that are written by the program, by their paths in the repository. */
export function reference(): Readonly<Record<string, string>> {
  const program = withCommands(() => async () => undefined);
  const entries = entriesOf(program);
  return {
    'docs/cli.md': markdownReference(entries, overview(program, 80)),
    'apps/cli/man/pawl.1': manualPage(entries, version),
  };
}
