import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openConversation } from './conversation.ts';
import { type Stage, stageIn } from './stage.ts';

const document = join(import.meta.dirname, '../../../docs/sessions.md');
const block = /(<!-- transcript: sessions -->\n```text\n)([\s\S]*?)(```\n<!-- \/transcript -->)/;

/** What differs from run to run: ids and sizes. */
const steady = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'MESSAGE')
    .replace(/(session|of|resume|fork|export|shop-|copy-|session-)( ?)[0-9a-f]{6,12}\b/g, '$1$2ID')
    .replace(/\d+ KB/g, 'SIZE');

/** `UPDATE_SESSIONS=1` writes what the program prints into the document. */
test('the transcript of the document is what the program prints', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-document-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const machine = (name: string, repository: string): Stage => {
    mkdirSync(join(folder, name));
    return stageIn(join(folder, name), { name: repository, env: { COLUMNS: '100' } });
  };
  const [here, there] = [machine('ada', 'shop'), machine('bob', 'copy')];
  const { id, ends } = await openConversation(here, 'Build the till.');
  const file = join(folder, 'till.pawl');
  const said: string[] = [];
  const call = async (stage: Stage, shown: string, ...args: string[]) => {
    const { code, stderr } = await stage.call('sessions', ...args);
    expect(code, stderr).toBe(0);
    const places = stderr
      .replaceAll(join(folder, 'ada/pawl-home'), '~/.local/share/pawl')
      .replaceAll(join(folder, 'bob/pawl-home'), '~/.local/share/pawl')
      .replaceAll(folder, '/tmp');
    said.push(`$ pawl sessions ${shown}\n${places}`);
  };
  const short = id.slice(0, 6);
  await call(here, `fork ${short} --at 2 --title 'Another till'`, 'fork', id, '--at', '2', '--title', 'Another till');
  await call(here, `export ${short} -o /tmp/till.pawl`, 'export', id, '-o', file);
  await call(there, 'import /tmp/till.pawl', 'import', file);
  await call(there, 'import /tmp/till.pawl', 'import', file);
  expect(ends).toHaveLength(2);
  const printed = said.join('\n');
  const text = readFileSync(document, 'utf8');
  if (process.env.UPDATE_SESSIONS)
    writeFileSync(
      document,
      text.replace(block, (_, before: string, __, after: string) => before + printed + after),
    );
  const shown = block.exec(readFileSync(document, 'utf8'))?.[2] ?? '';
  expect(steady(shown)).toBe(steady(printed));
});
