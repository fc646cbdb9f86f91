import { describe, expect, test } from 'vitest';
import { reportOf, stepDetail } from '../src/index.ts';
import { codeStep, logOf, splitStep } from './builders.ts';
import { failedTask } from './stories.ts';

const report = reportOf(failedTask());

describe('stepDetail', () => {
  test.each([
    ['decompose', 'decompose'],
    ['decompose/auth/impl', 'decompose/auth/impl'],
    ['auth/impl', 'decompose/auth/impl'],
    ['größe/check', 'decompose/größe/check'],
    ['/quality/', 'quality'],
  ])('%s is %s', (asked, path) => {
    expect(stepDetail(report, asked)).toMatchObject({ found: 'step', step: { path } });
  });

  test('an end that two steps have lists both', () => {
    expect(stepDetail(report, 'impl')).toEqual({
      found: 'several',
      candidates: ['decompose/auth/impl', 'decompose/größe/impl'],
    });
  });

  test('a whole path wins over the ends of others', () => {
    const log = logOf([splitStep('split', ['impl']), codeStep('impl')]);
    log.task('split', 'a');
    expect(stepDetail(reportOf(log.events), 'impl')).toMatchObject({ found: 'step', step: { path: 'impl' } });
  });

  test('only whole names count', () => {
    expect(stepDetail(report, 'mpl')).toEqual({
      found: 'nothing',
      near: ['decompose/auth/impl', 'decompose/größe/impl'],
    });
  });

  test('a task is no step; its steps are near', () => {
    expect(stepDetail(report, 'decompose/auth')).toEqual({
      found: 'nothing',
      near: ['decompose/auth/impl', 'decompose/auth/check'],
    });
  });

  test.each(['', '/', 'zzz'])('%j finds nothing and names some', (asked) => {
    const search = stepDetail(report, asked);
    expect(search.found).toBe('nothing');
    expect(search).toMatchObject({ near: expect.arrayContaining(['decompose', 'quality']) });
  });
});
