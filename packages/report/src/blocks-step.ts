import { attemptText } from './attempt-text.ts';
import type { Block, Column } from './document.ts';
import { failureExcerpt } from './excerpt.ts';
import { formatCount, formatDuration } from './format-figures.ts';
import { aboutStep, attemptFacts } from './format-step.ts';
import type { AttemptReport, GateResult, StepReport } from './model.ts';
import { gatePiece, statusMarks, statusStyles } from './style.ts';

const failureLines = 40;
const filesShown = 100;
const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });

/** One step with every attempt, as a document: what `formatStep` says in a terminal. */
export function stepBlocks(step: StepReport, now?: number): readonly Block[] {
  return [
    { kind: 'title', text: `${statusMarks[step.status]} ${step.path}`, style: statusStyles[step.status] },
    { kind: 'lines', lines: [aboutStep(step, now).join(', ')] },
    ...step.warnings.map(({ message }): Block => ({ kind: 'item', mark: '!', style: 'yellow', text: message })),
    ...step.attempts.flatMap(attemptBlocks),
  ];
}

function attemptBlocks(attempt: AttemptReport): readonly Block[] {
  const { failure, ...head } = attempt;
  const mark = statusMarks[attempt.status];
  return [
    { kind: 'heading', text: `${mark} ${attemptText(head)}` },
    ...(failure
      ? [
          {
            ...({ kind: 'item', mark, style: statusStyles[attempt.status], text: failure.message } as const),
            quote: failureExcerpt(attempt, failureLines),
          },
        ]
      : []),
    { kind: 'table', table: { columns: [left('of it'), left('')], rows: attemptFacts(attempt) } },
    { kind: 'table', table: { columns: gateColumns, rows: attempt.gates.map(gateRow) } },
    ...fileBlocks(attempt),
  ];
}

const gateColumns = [left('gate'), right('time'), right('exit'), left('command')];

function gateRow(gate: GateResult): readonly string[] {
  const why = gate.status === 'skipped' ? gate.message : undefined;
  return [
    gatePiece(gate).text,
    gate.durationMs === undefined ? '' : formatDuration(gate.durationMs),
    gate.exitCode === undefined ? '' : `${gate.exitCode}`,
    why ?? gate.command ?? '',
  ];
}

function fileBlocks({ checkpoint }: AttemptReport): readonly Block[] {
  if (!checkpoint || checkpoint.files.length === 0) return [];
  const { files, insertions, deletions } = checkpoint;
  const rows = files
    .slice(0, filesShown)
    .map(({ path, change, insertions: added, deletions: removed }) => [
      path,
      change,
      added === undefined ? 'binary' : `+${added} -${removed ?? 0}`,
    ]);
  const hidden = files.length - rows.length;
  return [
    { kind: 'lines', lines: [`${formatCount(files.length, 'file')} changed, +${insertions} -${deletions}`] },
    { kind: 'table', table: { columns: [left('file'), left('change'), right('lines')], rows } },
    ...(hidden > 0 ? [{ kind: 'lines', lines: [`and ${hidden} more`] } as const] : []),
  ];
}
