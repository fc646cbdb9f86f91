import { describe, expect, test } from 'vitest';
import { escapeBlock, escapeInline } from '../src/escape-markdown.ts';
import { formatMarkdown, reportOf } from '../src/index.ts';
import { codeStep, logOf } from './builders.ts';
import { failedTask } from './stories.ts';

describe('escaping', () => {
  test.each([
    ['a|b', 'a\\|b'],
    ['`rm` *now* _x_', '\\`rm\\` \\*now\\* \\_x\\_'],
    ['[x](y)', '\\[x\\](y)'],
    ['<script>', '&lt;script>'],
    ['&lt;b', '&amp;lt;b'],
    ['a & b', 'a & b'],
    ['~~gone~~', '\\~\\~gone\\~\\~'],
    ['ask @octocat about #12', 'ask @<!-- -->octocat about #<!-- -->12'],
    ['https://evil.example', 'https&#58;//evil.example'],
    ['www.evil.example', 'www&#46;evil.example'],
    ['$0.42 + 3 unpriced', '$0.42 + 3 unpriced'],
  ])('%s', (raw, escaped) => {
    expect(escapeInline(raw)).toBe(escaped);
  });

  test.each([
    ['# title', '\\# title'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['> quote', '\\> quote'],
    ['=====', '\\====='],
    ['plain', 'plain'],
  ])('at the start of a block: %s', (raw, escaped) => {
    expect(escapeBlock(raw)).toBe(escaped);
  });
});

describe('formatMarkdown', () => {
  test('output of a gate cannot leave its fence', () => {
    const text = formatMarkdown(reportOf(failedTask('```\n# not a title\n````\nend')));
    expect(text).toContain('`````text\n```\n# not a title\n````\nend\n`````\n');
  });

  test('a name with a bar stays in its cell', () => {
    const text = formatMarkdown(reportOf(logOf([codeStep('a|b')]).events));
    const row = text.split('\n').find((line) => line.startsWith('| ·')) ?? '';
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(12);
    expect(row).toContain('a\\|b');
  });

  test('a warning cannot begin a block', () => {
    const log = logOf([]);
    log.tell({ type: 'warned', step: '', code: 'no-tasks', message: '# big\n\n* list' });
    expect(formatMarkdown(reportOf(log.events))).toContain('\n- \\# big \\* list\n');
  });
});
