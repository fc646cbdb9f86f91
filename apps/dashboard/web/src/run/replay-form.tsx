import { useState } from 'react';
import type { Action, Offer } from '../../../wire.ts';
import { Command } from '../parts/command.tsx';
import { withOption } from '../parts/with-option.ts';
import { Told, useAct, useMayAct } from './acting.tsx';

interface ReplayProps {
  readonly run: string;
  readonly offer: Offer;
  readonly prompt: string | undefined;
}

/** Another agent, and the prompt to be edited; left as they are, they stay. */
export function ReplayForm({ run, offer, prompt: before = '' }: ReplayProps) {
  const [agent, setAgent] = useState('');
  const [prompt, setPrompt] = useState(before);
  const may = useMayAct();
  const act = useAct(run);
  const edited = prompt.trim() !== '' && prompt !== before;
  const action = {
    ...offer.request,
    ...(agent.trim() !== '' && { agent: agent.trim() }),
    ...(edited && { prompt }),
  } as Action;
  const command = withOption(withOption(offer.command, 'agent', agent), 'edit-prompt', edited ? 'prompt.md' : '');
  return (
    <form className="panel" onSubmit={(event) => event.preventDefault()}>
      <p>
        A new run begins before <strong>{offer.step}</strong>; this one stays as it is.
      </p>
      <label>
        Another agent <input value={agent} onChange={(event) => setAgent(event.target.value)} placeholder="as before" />
      </label>
      <label>
        Its prompt <textarea rows={6} value={prompt} onChange={(event) => setPrompt(event.target.value)} />
      </label>
      <div className="row">
        <button type="button" className="main" disabled={!may || act.isPending} onClick={() => act.mutate(action)}>
          Replay
        </button>
        <Command text={command} />
        <Told act={act} />
      </div>
    </form>
  );
}
