import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileWorkflow, type Diagnostic, formatDiagnostic, parseWorkflow } from '../src/index.ts';
import { environment } from './environment.ts';

const folder = new URL('./golden/', import.meta.url);
const cases = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function diagnose(text: string, file: string): Diagnostic[] {
  const { workflow, diagnostics } = parseWorkflow({ text, file });
  return workflow ? [...diagnostics, ...compileWorkflow(workflow, environment()).diagnostics] : diagnostics;
}

// What the user sees for every kind of bad input. After a change, look at what `vitest -u` writes.
describe('golden diagnostics', () => {
  test.each(cases)('%s', async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const diagnostics = diagnose(text, name);
    expect(diagnostics.length).toBeGreaterThan(0);
    const shown = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text)).join('\n\n');
    const golden = new URL(name.replace(/\.yaml$/, '.txt'), folder);
    await expect(`${shown}\n`).toMatchFileSnapshot(golden.pathname);
  });
});
