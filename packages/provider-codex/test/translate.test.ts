import { describe, expect, test } from 'vitest';
import { translate } from '../src/translate.ts';
import { completed, failed, item, launch, oneAnswer, play, record, ref, rollout, started, total } from './play.ts';

describe('usage is this turn, though Codex counts over the whole thread', () => {
  test('from the rollout: each answer as it comes, also where the turn fails', () => {
    const { ofType, end } = play([started, record(3, 1, 4), record(5, 1, 5), failed('no')], {
      start: { kind: 'resume', ref },
    });
    expect(ofType('usage-update').map((event) => event.usage.turns)).toEqual([1, 2]);
    expect(end.usage).toEqual({
      ...{ inputTokens: 18_000, cachedInputTokens: 12_000, cacheWriteTokens: 0, outputTokens: 80, reasoningTokens: 32 },
      turns: 2,
    });
    expect(end.session?.token).toEqual(total(5));
  });

  test('what the rollout says of earlier turns is theirs', () => {
    const { end, ofType } = play([started, record(1, 9), record(2, 1, 10), completed(10)], {
      start: { kind: 'resume', ref },
      prepared: { lines: 2 },
    });
    expect(end.usage).toEqual({ ...oneAnswer, turns: 1 });
    expect(ofType('usage-update')).toHaveLength(1);
  });

  test('without one: a new session starts at nothing', () => {
    expect(play([started, completed()]).end.usage).toEqual(oneAnswer);
    expect(play([started, completed()], { start: { kind: 'ephemeral' } }).end.usage).toEqual(oneAnswer);
  });

  test('a resumed one at what its rollout, or the last turn, told; a fork at its source', () => {
    for (const start of [
      { kind: 'resume', ref },
      { kind: 'fork', ref: { ...ref, id: '01a1f855-0000-7000-8000-000000000000' } },
    ] as const) {
      expect(play([started, completed(4)], { start, prepared: total(3) }).end.usage).toEqual(oneAnswer);
      const told = { ...start, ref: { ...start.ref, token: total(3) } };
      expect(play([started, completed(4)], { start: told }).end.usage).toEqual(oneAnswer);
    }
  });

  test('where nobody told, or it does not fit, there is no figure rather than a wrong one', () => {
    expect(play([started, completed(4)], { start: { kind: 'resume', ref } }).end.usage).toEqual({});
    const start = { kind: 'resume', ref: { ...ref, token: total(9) } } as const;
    expect(play([started, completed(4)], { start }).end.usage).toEqual({});
    expect(play([started], {}, { signal: 'SIGKILL' }).end.usage).toEqual({});
  });
});

describe('the session and the model', () => {
  test('ready with the first line, and again with the model that the rollout names', () => {
    const meta = rollout(0, 'session_meta', { cli_version: '0.169.0' });
    const { ofType, end } = play([started, meta, rollout(1, 'turn_context', { model: 'gpt-5.5' }), completed()]);
    expect(ofType('session-ready')).toEqual([
      { type: 'session-ready', session: ref },
      { type: 'session-ready', session: ref, model: 'gpt-5.5', cliVersion: '0.169.0' },
    ]);
    expect(end).toMatchObject({ session: { ...ref, token: total(1) }, model: 'gpt-5.5' });
  });

  test('a second first line changes nothing; without one there is no session', () => {
    expect(play([started, { ...started, thread_id: 'other' }]).ofType('session-ready')).toHaveLength(1);
    expect(play([{ type: 'turn.started' }]).end.session).toBeUndefined();
  });
});

describe('tools', () => {
  const command = { type: 'command_execution', command: "bash -lc 'ls'", aggregated_output: '', exit_code: null };
  const statuses = (...lines: readonly object[]) =>
    play(lines)
      .ofType('tool-result')
      .map(({ status }) => status);

  test('what the sandbox forbids is denied, also where Codex prints it as a command that failed', () => {
    const aggregated_output = "touch: cannot touch '/opt/x': Read-only file system\n";
    const touched = item('completed', { ...command, aggregated_output, exit_code: 1, status: 'failed' });
    const status = (access: 'read-only' | 'edit' | 'full') =>
      play([started, touched], { access }).ofType('tool-result');
    expect(status('read-only')).toMatchObject([{ status: 'denied' }]);
    expect(status('edit')).toMatchObject([{ status: 'denied' }]);
    expect(status('full')).toMatchObject([{ status: 'error' }]);
  });

  test.each<[string, object, string, string, string]>([
    ['a command', { ...command, exit_code: 0, status: 'completed' }, 'execute', 'command_execution', 'ok'],
    ['one that failed', { ...command, exit_code: 2, status: 'failed' }, 'execute', 'command_execution', 'error'],
    ['one that was declined', { ...command, status: 'declined' }, 'execute', 'command_execution', 'denied'],
    [
      'a change',
      { type: 'file_change', changes: [{ path: 'a', kind: 'add' }], status: 'completed' },
      'edit',
      'file_change',
      'ok',
    ],
    ['a failed one', { type: 'file_change', changes: [], status: 'failed' }, 'edit', 'file_change', 'error'],
    ['a search', { type: 'web_search', query: 'pawl' }, 'fetch', 'web_search', 'ok'],
    [
      'a server',
      { type: 'mcp_tool_call', server: 'echo', tool: 'say', arguments: {}, result: {}, status: 'completed' },
      'other',
      'echo.say',
      'ok',
    ],
    [
      'a server that nobody is there to approve',
      {
        ...{ type: 'mcp_tool_call', server: 'echo', tool: 'say', arguments: {}, status: 'failed' },
        error: { message: 'MCP tool call requires approval, but approval policy is never' },
      },
      ...(['other', 'echo.say', 'denied'] as const),
    ],
    [
      'a helper',
      { type: 'collab_tool_call', tool: 'spawn', prompt: 'do', status: 'completed' },
      'delegate',
      'collab_tool_call',
      'ok',
    ],
  ])('%s', (_, more, kind, name, status) => {
    const { ofType } = play([
      item('started', { ...more, status: 'in_progress', error: null }),
      item('completed', more),
    ]);
    expect(ofType('tool-call')).toMatchObject([{ kind, name }]);
    expect(ofType('tool-result')).toMatchObject([{ status }]);
  });

  test('one that only ends is a call too; updates say nothing', () => {
    const { events } = play([
      item('updated', { type: 'todo_list', items: [] }),
      item('completed', { type: 'todo_list', items: [] }),
    ]);
    expect(events.map(({ type }) => type)).toEqual(['tool-call', 'tool-result']);
  });

  test('a command that the model did not wait for is ended with the turn', () => {
    expect(statuses(item('started', command), completed())).toEqual(['error']);
    expect(statuses(item('started', command), failed('x'))).toEqual(['error']);
  });

  test('a result that was cut off still answers its call', () => {
    const translator = translate(launch);
    const text = JSON.stringify(item('started', command));
    expect([...translator.line({ line: 1, text })]).toHaveLength(1);
    const cut = { line: 2, text: text.replace('started', 'completed').slice(0, 90), truncatedBytes: 9 };
    expect([...translator.line(cut)]).toMatchObject([{ type: 'tool-result', id: 'item_0', status: 'ok' }]);
    expect([...translator.line(cut)]).toMatchObject([{ type: 'native' }]);
  });
});

describe('calls that Codex refuses are in the rollout alone', () => {
  const call = (index: number, type: string, name: string, input: object) =>
    rollout(index, 'response_item', { type, name, call_id: `c${index}`, ...input });
  const answer = (index: number, type: string, call_id: string, output: unknown) =>
    rollout(index, 'response_item', { type, call_id, output });
  const ls = call(1, 'function_call', 'exec_command', { arguments: '{"cmd":"touch /etc/x"}' });
  const readOnly = 'Process exited with code 1\nOutput:\nRead-only file system\n';

  test('a command that the sandbox stopped', () => {
    const { ofType } = play([ls, answer(2, 'function_call_output', 'c1', readOnly)]);
    expect(ofType('tool-call')).toMatchObject([
      { id: 'c1', kind: 'execute', name: 'exec_command', title: 'touch /etc/x', input: { cmd: 'touch /etc/x' } },
    ]);
    expect(ofType('tool-result')).toMatchObject([{ id: 'c1', status: 'denied', output: readOnly }]);
  });

  test.each([
    'approval policy is Never; reject command — you cannot ask for escalated permissions if the approval policy is Never',
    'exec_command failed: CreateProcess { message: "Rejected(\\"`git push` rejected: policy forbids it\\")" }',
    'exec_command failed: CreateProcess { message: "Rejected(\\"approval required by policy\\")" }',
  ])('a command that a rule or the missing approval stopped: %s', (output) => {
    const { ofType } = play([ls, answer(2, 'function_call_output', 'c1', output)]);
    expect(ofType('tool-result')).toMatchObject([{ id: 'c1', status: 'denied', output }]);
  });

  test('a command that could not be started at all', () => {
    const { ofType } = play([ls, answer(2, 'function_call_output', 'c1', 'exec_command failed: no such folder')]);
    expect(ofType('tool-result')).toMatchObject([{ status: 'error' }]);
  });

  test('one that failed by itself is printed, and not told twice', () => {
    const shown = rollout(2, 'event_msg', { type: 'item_completed', item: { type: 'CommandExecution', id: 'c1' } });
    expect(play([ls, shown, answer(3, 'function_call_output', 'c1', readOnly)]).events).toEqual([]);
    const running = 'Process running with session ID 7\n';
    expect(play([ls, answer(2, 'function_call_output', 'c1', running)]).events).toEqual([]);
    expect(play([ls, answer(2, 'function_call_output', 'c1', 'Process exited with code 0\n')]).events).toEqual([]);
  });

  test.each([
    ['patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings', 'denied'],
    ['apply_patch verification failed: invalid patch', 'error'],
  ])('a patch: %s', (output, status) => {
    const patch = call(1, 'custom_tool_call', 'apply_patch', { input: '*** Begin Patch\n*** Add File: b.txt\n+x\n' });
    const { ofType } = play([patch, answer(2, 'custom_tool_call_output', 'c1', [{ type: 'text', text: output }])]);
    expect(ofType('tool-call')).toMatchObject([{ kind: 'edit', title: 'b.txt' }]);
    expect(ofType('tool-result')).toMatchObject([{ status, output }]);
  });

  test('other tools that print nothing are their own affair', () => {
    const poll = call(1, 'function_call', 'write_stdin', { arguments: 'not json' });
    expect(play([poll, answer(2, 'function_call_output', 'c1', 'Process exited with code 1\n')]).events).toEqual([]);
    expect(play([answer(2, 'function_call_output', 'c9', readOnly)]).events).toEqual([]);
  });

  test('a compaction', () => {
    const { ofType } = play([record(1, 28), rollout(2, 'compacted', { message: 'summary' })]);
    expect(ofType('compaction')).toEqual([{ type: 'compaction', trigger: 'auto', tokensBefore: 252_000 }]);
  });
});

test('warnings end nothing; an unknown line is counted by name', () => {
  const { events } = play([
    item('completed', { type: 'error', message: 'Model metadata for `x` not found.' }),
    item('completed', { type: 'brand_new' }),
    { type: 'item.completed' },
    { type: 'brand.new' },
    { nothing: 1 },
  ]);
  expect(events).toEqual([
    { type: 'native', name: 'item/brand_new' },
    { type: 'native', name: 'item without id' },
    { type: 'native', name: 'brand.new' },
    { type: 'native', name: 'no-type' },
  ]);
});
