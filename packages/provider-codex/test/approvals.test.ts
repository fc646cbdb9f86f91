import { fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { switchedOff } from '../src/approvals.ts';

const user = '/home/me/.codex/config.toml';
const off = (files: Readonly<Record<string, string>>, args: readonly string[] = []) => {
  const env = { HOME: '/home/me' };
  return switchedOff(
    '/home/me/project/inner',
    env,
    args,
    fakeHost(() => ({}), { env, files }),
  );
};
const notes = 'mcp_servers.notes={command="true",enabled=false}';
const approve = 'default_tools_approval_mode = "approve"';

describe('what may act outside the sandbox unasked is switched off for who may only read', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing', 'model = "gpt-5.5"', []],
    ['a server that has to ask', '[mcp_servers.notes]\ncommand = "notes"', []],
    ['asking said in words', '[mcp_servers.notes]\ncommand = "x"\ndefault_tools_approval_mode = "prompt"', []],
    ['commented out', `[mcp_servers.notes]\n# ${approve}`, []],
    ['a server', `[mcp_servers.notes]\ncommand = "x"\n${approve}`, [notes]],
    ['one tool of a server', '[mcp_servers.notes.tools.write]\napproval_mode = "approve"', [notes]],
    [
      'in a table of its own',
      '[mcp_servers]\nnotes = { command = "x", default_tools_approval_mode = "approve" }',
      [notes],
    ],
    ['by a dotted name', `mcp_servers.notes.${approve}`, [notes]],
    ['by a quoted name', `[mcp_servers."notes"]\n${approve}`, [notes]],
    ['a mode of a later version', '[mcp_servers.notes]\ndefault_tools_approval_mode = "writes"', [notes]],
    [
      'over HTTP: it keeps the kind of transport it has',
      `[mcp_servers.web]\nurl = "https://x"\n${approve}`,
      ['mcp_servers.web={url="http://127.0.0.1",enabled=false}'],
    ],
    ['an app', `[apps._default]\n${approve}`, ['features.apps=false']],
    ['a server of a plug-in', `[plugins.p.mcp_servers.notes]\n${approve}`, ['features.plugins=false']],
  ])('%s', async (_, text, expected) => {
    expect(await off({ [user]: text })).toEqual(expected);
  });

  test('whoever says it: a project above the folder, a profile, the options', async () => {
    const text = `[mcp_servers.notes]\n${approve}`;
    expect(await off({ '/home/me/project/.codex/config.toml': text })).toEqual([notes]);
    expect(await off({ '/etc/codex/config.toml': text })).toEqual([notes]);
    const profile = { '/home/me/.codex/work.config.toml': text };
    expect(await off(profile)).toEqual([]);
    expect(await off(profile, ['-p', 'work'])).toEqual([notes]);
    expect(await off(profile, ['--profile=work'])).toEqual([notes]);
    expect(await off({}, ['-c', 'mcp_servers.notes.default_tools_approval_mode="approve"'])).toEqual([notes]);
  });

  test.each([
    'mcp_servers = { notes = { command = "x", default_tools_approval_mode = "approve" } }',
    `[profiles.work.mcp_servers.notes]\n${approve}`,
    `[mcp_servers."my notes"]\n${approve}`,
    approve,
  ])('what cannot be told apart is refused: %s', async (text) => {
    await expect(off({ [user]: text })).rejects.toMatchObject({ code: 'unsupported' });
  });
});
