import { describe, expect, test } from 'vitest';
import {
  analyticsBlocks,
  analyticsHtml,
  analyticsOf,
  blocksAsMarkdown,
  blocksAsText,
  compareReports,
  comparisonBlocks,
  comparisonHtml,
  displayWidth,
  explain,
  explanationBlocks,
  formatHtml,
  formatMarkdown,
  formatReport,
  formatStep,
  type RunReport,
  reportOf,
  type StepReport,
  stepBlocks,
  stepHtml,
} from '../src/index.ts';
import { codeStep, gateFailure, logOf } from './builders.ts';
import { recorded } from './recorded.ts';
import { aborted, escalation, failedTask } from './stories.ts';

const escalated = reportOf(recorded('escalated'));
const atOnce = reportOf(recorded('at-once'));
const failed = reportOf(failedTask());
const forms = {
  compare: comparisonBlocks(compareReports(escalated, atOnce)),
  last: analyticsBlocks(analyticsOf([escalated, atOnce, failed, reportOf(aborted())])),
  explain: explanationBlocks(explain(recorded('escalated'))),
  'explain-failed': explanationBlocks(explain(failedTask())),
};

function codeOf({ steps }: RunReport): StepReport {
  const code = steps.find(({ path }) => path === 'code');
  if (!code) throw new Error('the recorded run has a step `code`');
  return code;
}

describe('as people read them', () => {
  test.each([40, 80, 120])('at %i columns', async (width) => {
    const code = escalated.steps.find(({ path }) => path === 'code');
    const parts = [
      formatReport(escalated, { width }),
      code ? formatStep(code, { width }) : '',
      ...Object.values(forms).map((blocks) => blocksAsText(blocks, { width })),
    ];
    const text = `${parts.join('\n\n=====\n\n')}\n`;
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    await expect(text).toMatchFileSnapshot(`golden/forms-${width}.txt`);
  });

  test('as Markdown', async () => {
    const parts = [
      formatMarkdown(escalated),
      blocksAsMarkdown(stepBlocks(codeOf(escalated))),
      ...Object.values(forms).map((blocks) => blocksAsMarkdown(blocks)),
    ];
    await expect(parts.join('\n')).toMatchFileSnapshot('golden/forms.md');
  });

  test('as HTML', async () => {
    await expect(formatHtml(escalated)).toMatchFileSnapshot('golden/recorded.html');
    await expect(stepHtml('r', codeOf(escalated))).toMatchFileSnapshot('golden/step.html');
    await expect(formatHtml(failed)).toMatchFileSnapshot('golden/failed.html');
    await expect(analyticsHtml(analyticsOf([escalated, atOnce]))).toMatchFileSnapshot('golden/last.html');
    await expect(comparisonHtml(compareReports(escalated, atOnce))).toMatchFileSnapshot('golden/compare.html');
  });
});

describe('a page is harmless, whatever the run holds', () => {
  const evil = `</style></title></pre><script>alert(1)</script><img src=x onerror=alert(1)>" onload='x' \u202e&lt;\u001b]0;x\u0007`;
  const log = logOf([codeStep('a')], { workflow: { name: evil, source: evil }, spec: { text: '', source: evil } });
  log.step(evil);
  log.attempt(evil, 1, evil);
  log.agent(evil, 1, 10, { model: evil });
  log.gate(evil, 1, { name: evil, kind: 'bash', command: evil }, 5, { pass: false, failure: evil, command: evil });
  log.attemptEnded(evil, 1, { ...gateFailure(evil), message: evil, text: evil });
  log.tell({ type: 'warned', step: evil, code: 'no-tasks', message: evil });
  log.tell({ type: 'abort-requested', reason: evil });
  log.stepEnded(evil, 'failed');
  log.end('failed', { step: evil, message: evil });
  const report = reportOf(log.events);

  test.each([
    ['a run', formatHtml(report, evil)],
    ['many runs', analyticsHtml(analyticsOf([report]))],
    ['a step', stepHtml(evil, report.steps[0] as StepReport)],
    ['two runs', comparisonHtml(compareReports(report, report))],
  ])('of %s', (_name, page) => {
    expect(page).toContain('&lt;script&gt;alert(1)');
    const tags = new Set([...page.matchAll(/<\/?([a-zA-Z!][a-zA-Z0-9]*)/g)].map((match) => match[1]));
    for (const tag of ['script', 'img', 'iframe', 'link', 'a', 'object']) expect(tags).not.toContain(tag);
    const attributes = [...page.matchAll(/<[a-z][^<>]*>/gi)].flatMap(([tag]) => [
      ...tag.matchAll(/\s(on\w+|href|src)=/gi),
    ]);
    expect(attributes).toEqual([]);
    // Nothing is loaded, and the browser is told to load nothing.
    expect(page).not.toMatch(/https?:|url\(|@import/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for.
    expect(page).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });
});

describe('why', () => {
  const told = (events: Parameters<typeof explain>[0], step?: string) =>
    explain(events, step).reasons.map(({ step: path, kind, text }) => [path, kind, text]);

  test('a run that passed at its first attempts has nothing to explain', () => {
    expect(told(recorded('at-once'))).toEqual([['', 'passed', 'every step passed at its first attempt']]);
    expect(told([])).toEqual([['', 'pending', 'nothing has happened yet']]);
  });

  test('a step that passed says after how many attempts, with whom, and what its gates said', () => {
    expect(told(recorded('escalated'), 'code').at(-1)).toEqual([
      'code',
      'passed',
      'it passed after 3 attempts with strong; gates: bash_0 passed',
    ]);
  });

  test('an escalation names the entry of the workflow that it comes from', () => {
    const kinds = told(recorded('escalated'), 'code').filter(([, kind]) => kind === 'escalated');
    expect(kinds).toEqual([
      [
        'code',
        'escalated',
        `strong took over from cheap at attempt 3: the workflow's retry entry for attempt 3 names it`,
      ],
    ]);
  });

  test('what waits says for what', () => {
    const log = logOf([codeStep('a'), codeStep('b')]);
    log.step('a');
    log.attempt('a', 1, 'qwen');
    log.tell({ type: 'turn-queued', step: 'a', provider: 'qwen' });
    expect(told(log.events)).toEqual([
      ['a', 'queued', 'it waits for room: as many turns of qwen as are allowed at once are under way'],
    ]);
    log.askAgent('a', 1);
    expect(told(log.events)).toEqual([['a', 'running', 'qwen is at work']]);
    expect(told(log.events, 'b')).toEqual([
      ['b', 'pending', 'its turn has not come: a step before it has not passed yet'],
    ]);
    log.ask('a', 1, { type: 'ask', question: 'after_gate' });
    expect(told(log.events, 'a').map(([, kind]) => kind)).toContain('waits');
    const until = (log.events.at(-1)?.at ?? 0) + 300_000;
    log.step('b');
    log.ask('b', 1, { type: 'await-provider', agent: 'qwen', why: 'overloaded', waitMs: 300_000, until });
    expect(told(log.events, 'b')[0]).toEqual([
      'b',
      'waits',
      'it waits 5m 00s for qwen, whose provider does not answer for now',
    ]);
  });

  test('a guard, a stop and a conversation that could not go on', () => {
    const texts = told(escalation(), 'green').map(([, kind, text]) => `${kind}: ${text}`);
    expect(texts).toContain('failed: more than 3 turns');
    expect(texts).toContain('session: qwen goes on with its conversation');
    expect(texts).toContain('warned: claude-opus cannot go on with the session of qwen: a new one begins');
    expect(told(aborted())[0]).toEqual(['', 'stopped', 'the run was stopped: Ctrl+C']);
  });
});
