import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as words from '../src/shape/words.ts';
import { gateWords } from '../src/shape/workflow.ts';
import { builtIn, library } from './environment.ts';
import { compileText } from './whole.ts';

const page = readFileSync(new URL('../../../docs/workflows.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
const verdict = 'steps: [{ name: say, type: validate, agent: claude }]\n';
const notes = 'steps: [{ name: say, type: artifact, agent: claude, prompt: "{topic}" }]\n';
const called = library({
  'validators/is-stuck': `name: is-stuck\ninputs: { error: string }\n${verdict.replace('agent:', 'prompt: "{error}", agent:')}`,
  'topic-notes': `name: topic-notes\ninputs: { topic: string, depth: number }\n${notes.replace('{topic}', '{topic} {depth}')}`,
  'freeform-notes': `name: freeform-notes\n${notes}`,
});

describe('docs/workflows.md', () => {
  test.each(examples.map((text) => [/^name: (.+)$/m.exec(text)?.[1] ?? '', text]))(
    'the example %s is valid',
    (_, text) => {
      const inputs = text.includes('topic: string') ? { topic: 't', quiet: 'true' } : {};
      const { plan, diagnostics } = compileText(text, { inputs, workflows: (name) => called(name) ?? builtIn(name) });
      expect(diagnostics).toEqual([]);
      expect(plan).toBeDefined();
    },
  );

  test('it speaks of every key and every gate', () => {
    const known = Object.values(words).flatMap((one) => one.known);
    const missing = [...known, ...gateWords].filter((key) => !new RegExp(`\\b${key}\\b`).test(page));
    expect([...new Set(missing)]).toEqual([]);
    expect(examples.length).toBeGreaterThan(4);
  });
});
