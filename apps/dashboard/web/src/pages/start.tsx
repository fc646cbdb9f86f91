import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Acted, PlanPage, StartForm, StartRequest, WorkflowRow } from '../../../wire.ts';
import { get, send } from '../data/api.ts';
import { me, queries } from '../data/queries.ts';
import { InputField } from '../parts/input-field.tsx';
import { Plan } from '../parts/plan.tsx';

const startForm = (repository: string) =>
  queryOptions({
    queryKey: ['start', repository],
    queryFn: () => get<StartForm>(`/api/repositories/${repository}/start`),
    enabled: repository !== '',
  });

/** A run is asked for, its plan is shown, and only then it begins. */
export function StartPage() {
  const search = useSearch({ strict: false }) as { readonly repository?: string; readonly workflow?: string };
  const navigate = useNavigate();
  const { data: user } = useQuery(me);
  const repository = search.repository || user?.repositories[0]?.id || '';
  const { data: form, error, isPending } = useQuery(startForm(repository));
  if (user && user.repositories.length === 0)
    return <p className="empty">No repository is known yet: start the dashboard in one.</p>;
  return (
    <>
      <div className="title">
        <h1>Start a run</h1>
        <label>
          <span className="unseen">Repository</span>
          <select
            value={repository}
            onChange={(event) => void navigate({ to: '/start', search: { repository: event.target.value } })}
          >
            {(user?.repositories ?? []).map(({ id, name, path }) => (
              <option key={id} value={id} title={path}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error ? <p role="alert">{error.message}</p> : null}
      {isPending ? <p className="empty">Looking at workflows and agents…</p> : null}
      {form ? <Form key={repository} form={form} named={search.workflow} /> : null}
    </>
  );
}

const words = (text: string): readonly string[] => text.split(',').flatMap((word) => word.trim() || []);

interface FormProps {
  readonly form: StartForm;
  readonly named: string | undefined;
}

function Form({ form, named }: FormProps) {
  const { data: user } = useQuery(me);
  const navigate = useNavigate();
  const [name, setName] = useState(named ?? form.workflows.find(({ valid }) => valid)?.name ?? '');
  const [file, setFile] = useState(form.specs.find(({ path }) => /(^|\/)spec\.md$/.test(path))?.id ?? '');
  const [text, setText] = useState('');
  const [agent, setAgent] = useState('');
  const [pause, setPause] = useState('');
  const [tags, setTags] = useState('');
  const [inputs, setInputs] = useState<Readonly<Record<string, string>>>({});
  const workflow = form.workflows.find((one) => one.name === name);
  const request: StartRequest = {
    repository: form.repository.id,
    workflow: name,
    spec: file === '' ? { text } : { file },
    inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== '')),
    ...(agent !== '' && { agent }),
    pauseAfter: words(pause),
    tags: words(tags),
  };
  const plan = useMutation({ mutationFn: () => send<PlanPage>('/api/plans', request) });
  const start = useMutation({
    mutationFn: () => send<Acted>('/api/runs', request),
    onSuccess: ({ run }) => {
      void queries.invalidateQueries({ queryKey: ['runs'] });
      if (run === undefined) void navigate({ to: '/' });
      else void navigate({ href: `/runs/${run}` });
    },
  });
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      // A plan is of what was asked when it was made.
      plan.reset();
      set(value);
    };
  const ready = workflow !== undefined && (file !== '' || text.trim() !== '');
  const may = user !== undefined && !user.readOnly && user.role === 'operator';
  return (
    <div className="halves">
      <form
        className="panel fields"
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate();
        }}
      >
        <Workflows workflows={form.workflows} chosen={name} onChoose={change(setName)} />
        {workflow?.description === undefined ? null : <p className="dim">{workflow.description}</p>}
        <label>
          What shall be built
          <select value={file} onChange={(event) => change(setFile)(event.target.value)}>
            <option value="">Written here</option>
            {form.specs.map(({ id, path }) => (
              <option key={id} value={id}>
                {path}
              </option>
            ))}
          </select>
        </label>
        {file === '' ? (
          <textarea
            aria-label="Specification"
            rows={10}
            placeholder="What shall be built, and how one can tell that it is done"
            value={text}
            onChange={(event) => change(setText)(event.target.value)}
          />
        ) : null}
        {(workflow?.inputs ?? []).map((input) => (
          <InputField
            key={input.name}
            input={input}
            value={inputs[input.name] ?? ''}
            onChange={(value) => change(setInputs)({ ...inputs, [input.name]: value })}
          />
        ))}
        <label>
          Agent
          <select value={agent} onChange={(event) => change(setAgent)(event.target.value)}>
            <option value="">As the workflow says</option>
            {form.agents.map(({ name: one, title, usable, note }) => (
              <option key={one} value={one} disabled={!usable} title={note}>
                {one} · {title}
                {usable ? '' : ' (cannot be used here)'}
              </option>
            ))}
          </select>
        </label>
        <label>
          Ask me after these steps <small className="dim">with commas between them</small>
          <input value={pause} placeholder="none" onChange={(event) => change(setPause)(event.target.value)} />
        </label>
        <label>
          Tags <small className="dim">with commas between them</small>
          <input value={tags} placeholder="none" onChange={(event) => change(setTags)(event.target.value)} />
        </label>
        <p className="filters">
          <button type="submit" disabled={!ready || !may || plan.isPending}>
            {plan.isPending ? 'Planning…' : 'Show the plan'}
          </button>
          <button
            type="button"
            className="main"
            disabled={plan.data === undefined || start.isPending}
            onClick={() => start.mutate()}
          >
            {start.isPending ? 'Starting…' : 'Start'}
          </button>
          {may ? null : <span className="dim">You may look, not start.</span>}
        </p>
        {[plan.error, start.error].map((problem) =>
          problem ? (
            <p key={problem.message} role="alert">
              {problem.message}
            </p>
          ) : null,
        )}
      </form>
      {plan.data ? <Plan plan={plan.data} /> : <p className="empty">The plan is shown before anything runs.</p>}
    </div>
  );
}

interface WorkflowsProps {
  readonly workflows: readonly WorkflowRow[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

function Workflows({ workflows, chosen, onChoose }: WorkflowsProps) {
  const group = (label: string, rows: readonly WorkflowRow[]) =>
    rows.length === 0 ? null : (
      <optgroup label={label}>
        {rows.map(({ name, valid }) => (
          <option key={name} value={name} disabled={!valid}>
            {name}
            {valid ? '' : ' (has errors)'}
          </option>
        ))}
      </optgroup>
    );
  return (
    <label>
      Workflow
      <select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {group(
          'Of this repository',
          workflows.filter(({ builtIn }) => !builtIn),
        )}
        {group(
          'Built in',
          workflows.filter(({ builtIn }) => builtIn),
        )}
      </select>
    </label>
  );
}
