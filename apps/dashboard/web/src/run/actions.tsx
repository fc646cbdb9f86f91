import { useState } from 'react';
import type { Action, Offer } from '../../../wire.ts';
import { Command } from '../parts/command.tsx';
import { withOption } from '../parts/with-option.ts';
import { ActionButton, Told, useAct, useMayAct } from './acting.tsx';
import { ApplyForm } from './apply-form.tsx';
import { ReplayForm } from './replay-form.tsx';

interface AnswerProps {
  readonly run: string;
  readonly step: string;
  readonly offers: readonly Offer[];
  readonly comment: string;
  readonly onComment: (text: string) => void;
  /** What was said of lines of the diff: it goes with the comment. */
  readonly lines: string;
  /** What was said has been told. */
  readonly onAnswered: () => void;
}

/** Approve what is shown, or what was changed by hand, or have it done again with what was said. */
export function AnswerForm({ run, step, offers, comment: own, onComment, lines, onAnswered }: AnswerProps) {
  const comment = [own.trim(), lines].filter(Boolean).join('\n');
  const may = useMayAct();
  const act = useAct(run, onAnswered);
  const answers = offers.filter(({ action, step: of }) => of === step && (action === 'approve' || action === 'reject'));
  return (
    <form className="answer" onSubmit={(event) => event.preventDefault()}>
      <label>
        Comment <small className="dim">(the agent is told, when it is to be done again)</small>
        <textarea rows={3} value={own} onChange={(event) => onComment(event.target.value)} />
      </label>
      {lines === '' ? null : <pre className="text short">{lines}</pre>}
      <div className="row">
        {answers.map(({ label, request, command }, index) => (
          <button
            key={label}
            type="button"
            className={index === 0 ? 'main' : ''}
            disabled={!may || act.isPending}
            title={command}
            onClick={() => act.mutate(comment === '' ? request : ({ ...request, comment } as Action))}
          >
            {label}
          </button>
        ))}
        <Told act={act} />
      </div>
      <div className="filters">
        <small className="dim">On the command line:</small>
        {answers.map(({ label, command }) => (
          <Command key={label} text={withOption(command, 'comment', comment)} />
        ))}
      </div>
    </form>
  );
}

/** The buttons of a run; what needs more than a press opens a form. */
export function Offers({ run, offers }: { readonly run: string; readonly offers: readonly Offer[] }) {
  const [open, setOpen] = useState(false);
  const simple = offers.filter(({ action }) => plain.has(action));
  const apply = offers.find(({ action }) => action === 'apply');
  return (
    <>
      <div className="row">
        {simple.map((offer) => (
          <ActionButton key={offer.action} run={run} offer={offer} />
        ))}
        {apply ? (
          <button
            type="button"
            className="main"
            disabled={apply.refused !== undefined}
            title={apply.refused}
            onClick={() => setOpen(!open)}
            aria-expanded={open}
          >
            Apply…
          </button>
        ) : null}
        {simple.map(({ command, action }) => (
          <Command key={action} text={command} />
        ))}
      </div>
      {open && apply ? <ApplyForm run={run} /> : null}
    </>
  );
}

export const plain = new Set<Action['action']>(['resume', 'pause', 'unpause', 'abort']);

/** The buttons of a step. */
export function StepOffers({
  run,
  offers,
  prompt,
}: {
  readonly run: string;
  readonly offers: readonly Offer[];
  /** As it stands in the workflow. */
  readonly prompt: string | undefined;
}) {
  const [open, setOpen] = useState(false);
  const replay = offers.find(({ action }) => action === 'replay');
  const abort = offers.find(({ action }) => action === 'abort-step');
  return (
    <>
      {abort ? <ActionButton run={run} offer={abort} /> : null}
      {replay ? (
        <button type="button" onClick={() => setOpen(!open)} aria-expanded={open}>
          Replay from here…
        </button>
      ) : null}
      {abort ? <Command text={abort.command} /> : null}
      {open && replay ? <ReplayForm run={run} offer={replay} prompt={prompt} /> : null}
    </>
  );
}
