import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Plan, promptParts } from '../src/index.ts';
import { call, checks, code, crash, fails, files, plan, say, split, tasks, turn, validate } from './given.ts';
import { type Answers, play } from './play.ts';

/** What the prompt of a single step comes out as, without the rules below it. */
const prompt = (text: string, planned: Partial<Parameters<typeof plan>[1]> = {}): string =>
  body(play(plan([code('impl', { prompt: text })], planned)).prompt('impl#1/run-agent'));
const body = (text: string): string => text.slice(0, text.indexOf('\n\nWork in the current folder'));
/** The prompt of a second step. */
const after = (text: string, answers: Answers = {}, first = code('first', { gates: ['test'] })): string =>
  body(play(plan([first, code('impl', { prompt: text })]), answers).prompt('impl#1/run-agent'));
/** The prompt of a second attempt. */
const again = (text: string, answers: Answers): string => {
  const entries = [{ attempt: 2, prompt: text }];
  return body(
    play(plan([code('impl', { gates: ['test'], attempts: 2, entries })]), answers).prompt('impl#2/run-agent'),
  );
};

describe('values are never scanned again', () => {
  const wild = ['GET /users/{id} uses $', '{HOME}, {{x}}, {spec} and {task.name}\n\n{error}\n'].join('');
  test('a specification arrives untouched', () => {
    expect(prompt('Do: {spec}|', { spec: wild })).toBe(`Do: ${wild}|`);
  });
  test('so does an error', () => {
    expect(again('{error}', { 'impl#1/gate:test': fails(wild) })).toBe(
      `Gate test failed (exit code 1)\n${wild.trimEnd()}`,
    );
  });
  test('so does a diff', () => {
    expect(again('{diff}', { 'impl#1/gate:test': fails('x'), 'impl#1/checkpoint': files(wild) })).toBe(`+++ ${wild}\n`);
  });
  test('so does an input', () => {
    expect(prompt('{input:a}', { inputs: { a: '{spec}' } })).toBe('{spec}');
  });
  test('so does whatever it is, in its own workflow and in one that is called with it', () => {
    const pieces = fc.constantFrom('{', '}', '{{', '}}', '{spec}', '{task.name}', '$', '\n', '', 'é', '\\', '<', ' x ');
    const value = fc.array(pieces, { maxLength: 12 }).map((parts) => `<${parts.join('')}>`);
    fc.assert(
      fc.property(value, value, value, (spec, input, error) => {
        const look = code('look', { prompt: 'S{spec}S I{input:b}I' });
        const inner = call('inner', [look], { inputs: { b: '{input:a}{spec}' } });
        const retried = code('impl', { gates: ['test'], attempts: 2, prompt: 'A{input:a}A E{error}E' });
        const run = play(plan([inner, retried], { spec, inputs: { a: input } }), { 'impl#1/gate:test': fails(error) });
        expect(run.prompt('inner/look#1/run-agent')).toContain(`S${spec}S I${input}${spec}I`);
        expect(run.prompt('impl#1/run-agent')).toContain(`A${input}A`);
        expect(run.prompt('impl#2/run-agent')).toContain(error);
      }),
      { numRuns: 200 },
    );
  });
});

describe('lines', () => {
  test('one whose placeholders come out empty is left out', () => {
    expect(prompt('a\n{error}\n  {diff} {output}\nb')).toBe('a\nb');
  });
  test('blank lines of the template stay, also the first', () => {
    expect(prompt('\n\na\n\n\nb\n')).toBe('\n\na\n\n\nb\n');
    expect(prompt('{error}\na')).toBe('a');
  });
  test('an empty line may hold no part at all', () => {
    const step = { ...code('impl'), prompt: [[], ['a'], [], ['b']] };
    expect(body(play(plan([step])).prompt('impl#1/run-agent'))).toBe('\na\n\nb');
  });
  test('one with text beside an empty placeholder stays', () => {
    expect(prompt('Error: {error}.')).toBe('Error: .');
  });
  test('blank lines of a value stay', () => {
    expect(prompt('{spec}', { spec: 'a\n\n\nb' })).toBe('a\n\n\nb');
  });
});

describe('references', () => {
  test('of the attempt', () => {
    expect(prompt('{attempt}')).toBe('1');
    expect(again('{attempt} {prev.attempt}', { 'impl#1/run-agent': crash() })).toBe('2 1');
  });

  test('of the attempt before: fields, gates, output', () => {
    const text = '{prev.status} {prev.agent} {prev.files} {prev.check_result} {gate.test} {gate.test.error} {output}';
    expect(again(text, { 'impl#1/gate:test': fails('boom') })).toBe(
      'fail haiku src/a.ts fail false boom +++ src/a.ts\n',
    );
    expect(
      again('{prev.gate.test.error}|{prev.gate.none}|{prev.nonsense}', { 'impl#1/gate:test': fails('boom') }),
    ).toBe('boom||');
  });

  test('a gate that did not run in the attempt before is empty', () => {
    expect(again('[{gate.test}]', { 'impl#1/run-agent': crash() })).toBe('[]');
  });

  test('of an earlier step', () => {
    const text =
      '{step:first.output}{step:first.files} {step:first.agent} {step:first.session_id} {step:first.attempt} {step:first.retries} {step:first.status} {step:first.check_result} {step:first.gate.test} {step:first.duration} {step:first.cost} {step:first.turns} {step:first.tokens_in} {step:first.tokens_out} {step:first.cache_read}|{step:first.comments}|';
    expect(after(text)).toBe(
      '+++ src/a.ts\nsrc/a.ts haiku session of first#1 1 0 pass pass true 5000 0.25 3 100 10 ||',
    );
  });

  test('of an earlier step: what it changed, and what its agent read and wrote beside the prompt', () => {
    const usage = { inputTokens: 100, outputTokens: 10, turns: 3, cachedInputTokens: 70, cacheWriteTokens: 30 };
    const text = '{step:first.diff}|{step:first.cache_read}|{step:first.cache_write}|{step:first.gate.test.pass}';
    expect(after(text, { 'first#1/run-agent': turn({ usage }) })).toBe('+++ src/a.ts\n|70|30|true');
  });

  test('of a split the plan, of a verdict true or false and its comments, of an artifact its text, of gates alone theirs', () => {
    const text =
      '{step:build.output}|{step:look.output}|{step:look.comments}|{step:note.output}|{step:check.gate.test}|{step:check.status}|{step:check.attempt}|{step:check.cost}|';
    const steps = [split('build', []), validate('look'), code('note', { kind: 'artifact' }), checks('check', 'test')];
    const run = play(plan([...steps, code('impl', { prompt: text })]), {
      'build#1/run-agent': turn({ json: tasks('a') }),
      'build#1/checkpoint': files(),
      'look#1/run-agent': turn({ json: { pass: true, comments: 'Fine.' } }),
      'look#1/checkpoint': files(),
      'note#1/run-agent': turn({ text: 'A note.' }),
      'note#1/checkpoint': files(),
    });
    expect(body(run.prompt('impl#1/run-agent'))).toBe(
      '[{"name":"a","description":"Do a.","files":[]}]|true|Fine.|A note.|true|pass|1||',
    );
  });

  test('of a step with several attempts: the figures of the last one', () => {
    const first = code('first', { gates: ['test'], attempts: 2 });
    const text =
      '{step:first.attempt} {step:first.retries} {step:first.cost} {step:first.gate.test} {step:first.gate.test.error}|';
    const answers = { 'first#1/run-agent': turn({ usd: 0.5 }), 'first#1/gate:test': fails('RED') };
    expect(after(text, answers, first)).toBe('2 1 0.25 true |');
  });

  test('of the attempt before are those of the same task', () => {
    const impl = code('impl', {
      gates: ['test'],
      attempts: 2,
      entries: [{ attempt: 2, prompt: '{prev.gate.test.error}|' }],
    });
    const run = play(plan([split('build', [impl])]), {
      'build#1/run-agent': turn({ json: tasks('a', 'b') }),
      'build#1/checkpoint': files(),
      'build/a/impl#1/gate:test': fails('RED A'),
      'build/b/impl#1/gate:test': fails('RED B'),
    });
    expect(['a', 'b'].map((task) => body(run.prompt(`build/${task}/impl#2/run-agent`)))).toEqual(['RED A|', 'RED B|']);
  });

  test('money below a cent has four decimals, and unknown is a word', () => {
    expect(after('{step:first.cost}', { 'first#1/run-agent': turn({ usd: 0.0012 }) })).toBe('0.0012');
    expect(after('{step:first.cost}', { 'first#1/run-agent': turn({ cost: { state: 'unknown' } }) })).toBe('unknown');
  });

  test('of a step that has not run', () => {
    const run = play(plan([code('impl', { prompt: '[{step:constructor.check_result}]' }), code('constructor')]));
    expect(body(run.prompt('impl#1/run-agent'))).toBe('[]');
  });

  test('of a task, of its steps and of the split around it; never of a step of the same name elsewhere', () => {
    const json = { tasks: [{ name: 'auth', description: 'Log in.', files: ['a/**', 'b'] }] };
    const text =
      '{task.name}: {task.description} ({task.files}) {step:build/red.files} {step:build.attempt} {step:red.files}';
    const run = play(plan([code('red'), split('build', [code('red'), code('green', { prompt: text })])]), {
      'red#1/checkpoint': files('TOP'),
      'build#1/run-agent': turn({ json }),
      'build/auth/red#1/checkpoint': files('INNER'),
    });
    expect(run.prompt('build/auth/green#1/run-agent')).toMatch(/^auth: Log in\. \(a\/\*\*, b\) INNER 1 TOP\n/);
  });

  test('inputs that are not given are empty, whatever their name', () => {
    expect(prompt('[{input:constructor}{input:none}]')).toBe('[]');
  });
});

test('a long text goes by reference', () => {
  const blob = { blob: 'a'.repeat(64), bytes: 1_000_000 };
  const run = play(plan([code('first'), code('impl', { prompt: 'Look: {step:first.output}!' })]), {
    'first#1/checkpoint': { kind: 'checkpoint-made', checkpoint: { ...made(), diff: blob } },
  });
  expect(run.prompts.get('impl#1/run-agent')?.slice(0, 3)).toEqual(['Look: ', blob, '!']);
});
const made = () => {
  const outcome = files('a');
  if (outcome.kind !== 'checkpoint-made') throw new Error('no checkpoint');
  return outcome.checkpoint;
};

test('an agent may be named by an earlier step', () => {
  const run = play(plan([code('first', { agent: 'opus' }), code('impl', { agent: '{step:first.agent}' })]));
  expect(run.agent('impl#1/run-agent').agent).toBe('opus');
});

test('a step without an agent and a step that is none have no prompt', () => {
  const run = play(plan([code('impl')]));
  expect(promptParts(run.state, 'nothing')).toBeUndefined();
  expect(promptParts(run.state, '__proto__')).toBeUndefined();
});

test('templates are data', () => {
  const planned: Plan = plan([code('impl')]);
  expect(say('a {spec}\n')).toEqual([['a ', { ref: 'spec' }], []]);
  expect(JSON.parse(JSON.stringify(planned))).toEqual(planned);
});
