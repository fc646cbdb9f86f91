import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Checked, WorkflowPage as Page } from '../../../wire.ts';
import { get, send } from '../data/api.ts';
import { WorkflowGraph } from '../graph/workflow-graph.tsx';
import { Command } from '../parts/command.tsx';
import { Source } from '../parts/source.tsx';

const workflow = (repository: string, name: string) =>
  queryOptions({
    queryKey: ['workflow', repository, name],
    queryFn: () => get<Page>(`/api/repositories/${repository}/workflows/${encodeURIComponent(name)}`),
  });

/** The text of a workflow, what is wrong with it as one types, and its graph. Nothing is saved: the file is its owner's. */
export function WorkflowPage() {
  const { repository = '' } = useParams({ strict: false }) as { readonly repository?: string };
  const { name = '' } = useSearch({ strict: false }) as { readonly name?: string };
  const { data, error } = useQuery(workflow(repository, name));
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p className="empty">Reading…</p>;
  return <Workflow key={data.name} repository={repository} page={data} />;
}

const pauseMs = 300;

function Workflow({ repository, page }: { readonly repository: string; readonly page: Page }) {
  const [text, setText] = useState(page.text);
  const [checked, setChecked] = useState<Checked>(page.checked);
  const [problem, setProblem] = useState<string>();
  const asked = useRef(0);
  useEffect(() => {
    const number = ++asked.current;
    if (text === page.text) {
      setChecked(page.checked);
      return;
    }
    const timer = setTimeout(() => {
      send<Checked>(`/api/repositories/${repository}/check`, { name: page.name, text }).then(
        (answer) => {
          if (asked.current !== number) return;
          setProblem(undefined);
          setChecked(answer);
        },
        (error: Error) => setProblem(error.message),
      );
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, repository, page]);
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error').length;
  return (
    <>
      <div className="title">
        <h1>{page.name}</h1>
        {page.builtIn ? <span className="tag">built in</span> : <small className="dim path">{page.file}</small>}
        <span role="status" className={errors === 0 ? 'good' : 'bad'}>
          {errors === 0 ? '✓ valid' : errors === 1 ? '✗ one error' : `✗ ${errors} errors`}
        </span>
        <span className="space" />
        {text === page.text ? null : (
          <button type="button" onClick={() => setText(page.text)}>
            As it was
          </button>
        )}
        <Link to="/workflows" search={{ repository }}>
          All workflows
        </Link>
      </div>
      {page.description === undefined ? null : <p>{page.description}</p>}
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      <div className="halves">
        <Source text={text} diagnostics={checked.diagnostics} onChange={setText} />
        {checked.steps ? (
          <WorkflowGraph steps={checked.steps} />
        ) : (
          <p className="empty">The graph comes back when the errors are gone.</p>
        )}
      </div>
      <Command text={`pawl workflows check ${page.name}`} />
    </>
  );
}
