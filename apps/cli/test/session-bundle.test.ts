import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Conversation, messagesOf, openConversation, transcriptsOf, withStore } from './conversation.ts';
import { contentOf, openStage, type Stage, stageIn } from './stage.ts';

const fakeToken = `ghp_${'a1B2'.repeat(9)}`;

/** Another machine: another home, another PAWL_HOME, a clone of the repository in another place. */
function elsewhere(stage: Stage, clone = true): Stage {
  const folder = join(stage.folder, 'elsewhere');
  mkdirSync(folder);
  const other = stageIn(folder, { name: 'copy' });
  if (clone) other.git('fetch', '-q', stage.repository, 'main');
  return other;
}

async function exported(stage: Stage, { id }: Conversation): Promise<string> {
  const file = join(stage.folder, 'session.pawl');
  const { code, stderr } = await stage.call('sessions', 'export', id, '-o', file);
  expect(code, stderr).toBe(0);
  return file;
}

const errorOf = async (stage: Stage, ...args: string[]) =>
  JSON.parse((await stage.call('sessions', ...args, '--json')).stdout).error;

describe('sessions export and import', () => {
  test('a session goes on elsewhere: transcript, messages and files are there, in other folders', async () => {
    const stage = openStage();
    const begun = await openConversation(stage);
    const file = await exported(stage, begun);
    // Any tar can look into it.
    expect(execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).split('\n')).toEqual([
      ...['manifest.json', 'messages.jsonl', 'native/transcript.jsonl', 'checkpoint.bundle', ''],
    ]);
    const other = elsewhere(stage);
    const head = other.git('rev-parse', 'HEAD');
    const { code, stderr } = await other.call('sessions', 'import', file);
    expect(code, stderr).toBe(0);
    const [, short = '', place = ''] =
      /^session (\w+) is here, with 4 messages; it goes on in (\S+)\n\n {2}pawl sessions resume \w+ 'what to do next'\n$/.exec(
        stderr,
      ) ?? [];
    const record = await withStore(other, async ({ sessions }) => (await sessions.find(short))[0]);
    expect(record).toMatchObject({
      ...{ title: 'The till', tags: ['shop'], messages: 4, ref: { provider: 'claude', id: begun.native, cwd: place } },
      repository: other.repository,
    });
    expect(contentOf(place, /^\.git$/)).toEqual(contentOf(begun.worktree, /^\.git$/));
    const entries = transcriptsOf(other).get(begun.native);
    expect(entries?.map(({ uuid }) => uuid)).toEqual(
      transcriptsOf(stage)
        .get(begun.native)
        ?.map(({ uuid }) => uuid),
    );
    expect(entries?.every(({ cwd }) => cwd === place)).toBe(true);
    expect(await messagesOf(other, record?.id ?? '')).toEqual(await messagesOf(stage, begun.id));
    expect(other.git('rev-parse', 'HEAD')).toBe(head);
    expect(other.git('status', '--porcelain')).toBe('');
    expect(readdirSync(other.home).filter((name) => name.startsWith('import-'))).toEqual([]);

    // Twice says so, and changes nothing.
    const before = contentOf(other.folder, /pawl-home\/pawl\.db|\.git\/index$/);
    const again = await other.call('sessions', 'import', file);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining(`imported before, as session ${short}`) });
    expect(contentOf(other.folder, /pawl-home\/pawl\.db|\.git\/index$/)).toEqual(before);
    // It goes further: what was imported can be forked and exported.
    expect((await other.call('sessions', 'fork', short)).code).toBe(0);
    expect((await other.call('sessions', 'export', short, '-o', join(other.folder, 'more.pawl'))).code).toBe(0);
  });

  test('into a folder that is named nothing is written; its repository keeps the files', async () => {
    const stage = openStage();
    const begun = await openConversation(stage);
    const file = await exported(stage, begun);
    const other = elsewhere(stage, false);
    const before = contentOf(other.repository, /^\.git/);
    const { code, stderr } = await other.call('sessions', 'import', file, '--cwd', '.');
    expect(code, stderr).toBe(0);
    expect(contentOf(other.repository, /^\.git/)).toEqual(before);
    const [, commit = ''] = /pawl undo ([0-9a-f]{12}) brings them back as a branch/.exec(stderr) ?? [];
    expect((await other.call('undo', commit, '--branch', 'theirs')).code).toBe(0);
    expect(other.git('show', 'theirs:till.txt')).toBe('turn 2');
    // Where there is no repository there are no files to keep.
    const bare = join(stage.folder, 'plain');
    mkdirSync(bare);
    const third = stageIn(join(stage.folder, 'third'), {});
    expect((await third.call('sessions', 'import', file, '--cwd', bare)).code).toBe(0);
    expect(readdirSync(bare)).toEqual([]);
    expect(await errorOf(third, 'import', file, '--cwd', join(stage.folder, 'nowhere'))).toMatchObject({
      code: 'no-folder',
    });
  });

  test('one that is here already is not written over', async () => {
    const stage = openStage();
    const begun = await openConversation(stage);
    const file = await exported(stage, begun);
    const before = [transcriptsOf(stage), await messagesOf(stage, begun.id)];
    expect(await errorOf(stage, 'import', file)).toMatchObject({ code: 'session-exists' });
    expect(await errorOf(stage, 'export', begun.id, '-o', file)).toMatchObject({ code: 'file-exists' });
    // The agent has it, pawl does not know of it.
    const other = elsewhere(stage);
    const project = join(other.env.HOME ?? '', '.claude/projects', other.repository.replace(/[^A-Za-z0-9]/g, '-'));
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, `${begun.native}.jsonl`), '{}\n');
    const refs = other.git('for-each-ref', 'refs/heads');
    expect(await errorOf(other, 'import', file, '--cwd', '.')).toMatchObject({ code: 'session-exists' });
    expect(readFileSync(join(project, `${begun.native}.jsonl`), 'utf8')).toBe('{}\n');
    expect(await withStore(other, ({ sessions }) => sessions.list())).toEqual([]);
    expect(other.git('for-each-ref', 'refs/heads')).toBe(refs);
    expect([transcriptsOf(stage), await messagesOf(stage, begun.id)]).toEqual(before);
  });

  test('secrets do not leave in it, a half-written line neither', async () => {
    const stage = openStage({ env: { MY_API_KEY: 'hunter2-hunter2' } });
    const begun = await openConversation(stage, `Use ${fakeToken} and hunter2-hunter2.`);
    const project = join(stage.env.HOME ?? '', '.claude/projects', begun.worktree.replace(/[^A-Za-z0-9]/g, '-'));
    const path = join(project, `${begun.native}.jsonl`);
    const bytes = readFileSync(path).length;
    writeFileSync(path, '{"type":"user","message":{"content":"cut of', { flag: 'a' });
    const file = join(stage.folder, 'session.pawl');
    const { stderr } = await stage.call('sessions', 'export', begun.id, '-o', file);
    expect(stderr).toContain('secrets were taken out of 2 lines');
    expect(stderr).toContain('half written');
    const text = readFileSync(file, 'latin1');
    expect(text).not.toContain(fakeToken);
    expect(text).not.toContain('hunter2');
    const native = execFileSync('tar', ['-xOf', file, 'native/transcript.jsonl']);
    // Agents point into their files: a line stays as long as it was.
    expect(native.length).toBe(bytes);
    for (const line of native.toString('utf8').trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('uuid');
  });
});

describe('a bundle that is not to be trusted', () => {
  const block = (name: string, size: number, kind = '0', link = '') => {
    const bytes = Buffer.alloc(512);
    bytes.write(name, 0);
    bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    bytes.write('        ', 148);
    bytes.write(kind, 156);
    bytes.write(link, 157);
    bytes.write(
      `${bytes
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return bytes;
  };

  test('is refused by name, and nothing is written', async () => {
    const stage = openStage();
    const begun = await openConversation(stage);
    const file = await exported(stage, begun);
    const good = readFileSync(file);
    const other = elsewhere(stage);
    await withStore(other, ({ sessions }) => sessions.list());
    const skip = /pawl-home\/pawl\.db/;
    const before = contentOf(other.folder, skip);
    const refused = async (bytes: Buffer) => {
      const bad = join(stage.folder, 'bad.pawl');
      writeFileSync(bad, bytes);
      const error = await errorOf(other, 'import', bad);
      expect(contentOf(other.folder, skip)).toEqual(before);
      expect(await withStore(other, ({ sessions }) => sessions.list())).toEqual([]);
      return error.code;
    };
    const at = (text: string) => good.indexOf(text);
    const flipped = (index: number) => {
      const copy = Buffer.from(good);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return copy;
    };
    const [manifestSize = 0] = [Number.parseInt(good.toString('latin1', 124, 135), 8)];
    const rest = good.subarray(512 + Math.ceil(manifestSize / 512) * 512);
    const withManifest = (change: (manifest: Record<string, unknown>) => void) => {
      const manifest = JSON.parse(good.toString('utf8', 512, 512 + manifestSize));
      change(manifest);
      const text = Buffer.from(JSON.stringify(manifest));
      return Buffer.concat([block('manifest.json', text.length), text, Buffer.alloc(512 - (text.length % 512)), rest]);
    };
    const inFront = (header: Buffer) => Buffer.concat([good.subarray(0, good.length - rest.length), header, rest]);

    expect(await refused(Buffer.from(''))).toBe('bad-bundle');
    expect(await refused(Buffer.from('no bundle at all'))).toBe('bad-bundle');
    expect(await refused(good.subarray(0, good.length - 2000))).toBe('bad-bundle');
    for (const inside of ['Turn 1.', 'PACK', '"uuid"'])
      expect(await refused(flipped(at(inside) + 3)), inside).toBe('bad-bundle');
    expect(await refused(flipped(at('native/transcript.jsonl')))).toBe('bad-bundle');
    expect(await refused(withManifest((manifest) => Object.assign(manifest, { version: 2 })))).toBe('newer-bundle');
    expect(await refused(withManifest((manifest) => Object.assign(manifest, { format: 'other' })))).toBe('bad-bundle');
    expect(await refused(withManifest((manifest) => Object.assign(manifest, { parts: ['../../.bashrc'] })))).toBe(
      'bad-bundle',
    );
    expect(
      await refused(
        withManifest((manifest) => Object.assign(manifest, { parts: ['transcript.jsonl', 'transcript.jsonl'] })),
      ),
    ).toBe('bad-bundle');
    expect(await refused(withManifest((manifest) => Object.assign(manifest, { entries: [] })))).toBe('bad-bundle');
    for (const name of ['../x', '/etc/x', 'a/../b', 'native/..', 'a/b/c', '.hidden', 'x\\y'])
      expect(await refused(inFront(block(name, 0))), name).toBe('bad-bundle');
    for (const kind of ['1', '2', '3', '5', '6', 'L', 'x'])
      expect(await refused(inFront(block('messages.jsonl', 0, kind, '/etc/passwd'))), kind).toBe('bad-bundle');
    expect(await refused(inFront(block('messages.jsonl', 8 ** 11 - 1)))).toBe('bad-bundle');
    expect(await refused(inFront(block('more', 0)))).toBe('bad-bundle');
    expect(
      await refused(
        Buffer.concat([good.subarray(0, good.length - 1024), block('messages.jsonl', 0), Buffer.alloc(1024)]),
      ),
    ).toBe('bad-bundle');
    expect(await errorOf(other, 'import', join(stage.folder, 'nothing.pawl'))).toMatchObject({ code: 'no-bundle' });
    expect(await errorOf(other, 'import', stage.folder)).toMatchObject({ code: 'no-bundle' });
  });

  test('that names a file of no agent, or a message that is none, with right checksums', async () => {
    const stage = openStage();
    const begun = await openConversation(stage);
    const file = await exported(stage, begun);
    const good = readFileSync(file);
    const other = elsewhere(stage);
    const renamed = Buffer.from(good.toString('latin1').replaceAll('transcript.jsonl', 'transc%ipt.jsonl'), 'latin1');
    writeFileSync(file, renamed);
    expect(await errorOf(other, 'import', file)).toMatchObject({ code: 'bad-bundle' });
    const { createHash } = await import('node:crypto');
    const folder = join(stage.folder, 'unpacked');
    mkdirSync(folder);
    writeFileSync(file, good);
    execFileSync('tar', ['-xf', file, '-C', folder]);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const rebuilt = (name: string, content: string, parts = manifest.parts) => {
      const entries = manifest.entries.map((entry: { name: string }) =>
        entry.name === name
          ? { name, bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') }
          : entry,
      );
      const all = [['manifest.json', JSON.stringify({ ...manifest, parts, entries })]];
      for (const entry of entries)
        all.push([entry.name, entry.name === name ? content : readFileSync(join(folder, entry.name), 'latin1')]);
      const blocks = all.flatMap(([path = '', text = '']) => {
        const body = Buffer.from(text, path === name || path === 'manifest.json' ? 'utf8' : 'latin1');
        return [block(path, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
      });
      writeFileSync(file, Buffer.concat([...blocks, Buffer.alloc(1024)]));
      return errorOf(other, 'import', file);
    };
    for (const line of [
      '{"role":"user"}',
      'no json',
      '{"seq":1,"role":"nobody","type":"text","text":"x","at":1}',
      'null',
    ])
      expect(await rebuilt('messages.jsonl', `${line}\n`), line).toMatchObject({ code: 'bad-bundle' });
    expect(await rebuilt('checkpoint.bundle', '# v2 git bundle\nno\n')).toMatchObject({ code: 'bad-bundle' });
    expect(await withStore(other, ({ sessions }) => sessions.list())).toEqual([]);
    expect(existsSync(join(other.env.HOME ?? '', '.claude'))).toBe(false);
    expect(other.git('for-each-ref', 'refs/heads').split('\n')).toHaveLength(1);
  });
});
