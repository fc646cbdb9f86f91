import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { RunPage } from '../../../wire.ts';
import { queries, runList } from '../data/queries.ts';

interface Target {
  readonly label: string;
  readonly kind: string;
  readonly to: string;
}

const mostShown = 12;

/** `/` or Ctrl+K: to a page, a run, or a step of the run that is shown. */
export function Palette({ places }: { readonly places: readonly { readonly to: string; readonly label: string }[] }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const { run } = useParams({ strict: false }) as { readonly run?: string };
  const { data } = useQuery({ ...runList({}), enabled: open });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select') !== null;
      if (!((event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !typing))) return;
      event.preventDefault();
      setText('');
      setAt(0);
      setOpen(true);
      if (!dialog.current?.open) dialog.current?.showModal();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const steps = run === undefined ? [] : (queries.getQueryData<RunPage>(['run', run])?.steps ?? []);
  const all: readonly Target[] = [
    ...places.map(({ to, label }) => ({ label, kind: 'page', to })),
    ...steps.map(({ path, status }) => ({
      label: `${path} (${status})`,
      kind: 'step',
      to: `/runs/${run}?${new URLSearchParams({ step: path })}`,
    })),
    ...(data?.runs ?? []).map(({ id, workflow, status, spec }) => ({
      label: `${workflow} ${spec} ${id} (${status})`,
      kind: 'run',
      to: `/runs/${id}`,
    })),
  ];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all
    .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
    .slice(0, mostShown);
  const choose = (target: Target | undefined): void => {
    dialog.current?.close();
    if (target) void navigate({ href: target.to });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') choose(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="palette" aria-label="Go to" onClose={() => setOpen(false)}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] ? `palette-${at}` : undefined}
        aria-label="Go to a page, a run or a step"
        placeholder="Go to a page, a run or a step"
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div id="palette-list" role="listbox" aria-label="Found">
        {found.map((target, index) => (
          <button
            key={target.to}
            id={`palette-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => choose(target)}
          >
            <span className="tag">{target.kind}</span> {target.label}
          </button>
        ))}
      </div>
    </dialog>
  );
}
