import { useRef } from 'react';
import type { Diagnostic } from '../../../wire.ts';

interface SourceProps {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly onChange: (text: string) => void;
}

/** A text with its line numbers, and what is wrong with which line. */
export function Source({ text, diagnostics, onChange }: SourceProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const lines = text.split('\n');
  const worst = new Map(diagnostics.toReversed().map(({ line, severity }) => [line, severity]));
  const go = ({ line, column }: Diagnostic): void => {
    const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    field.current?.focus();
    field.current?.setSelectionRange(at, at);
  };
  return (
    <div className="source">
      <div className="sheet">
        <ol aria-hidden="true">
          {lines.map((_, index) => (
            <li key={index} className={worst.get(index + 1) ?? ''}>
              {index + 1}
            </li>
          ))}
        </ol>
        <textarea
          ref={field}
          aria-label="Text of the workflow"
          aria-invalid={diagnostics.some(({ severity }) => severity === 'error')}
          spellCheck={false}
          wrap="off"
          rows={lines.length}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <ul className="diagnostics" aria-live="polite">
        {diagnostics.map((one) => (
          <li key={`${one.line} ${one.column} ${one.message}`}>
            <button type="button" className="quiet" onClick={() => go(one)}>
              {one.line}:{one.column}
            </button>
            <span className={one.severity === 'error' ? 'bad' : 'warn'}>{one.severity}</span> {one.message}
            {one.hint === undefined ? null : <small className="dim"> {one.hint}</small>}
          </li>
        ))}
      </ul>
    </div>
  );
}
